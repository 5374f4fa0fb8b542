import { expect, test } from "vitest";
import { createRunSecrets, maskedError } from "./run-secrets.ts";

test("an error that nobody caught is told without the secrets of any run, in whichever form, and without its fields", () => {
  const runs = [createRunSecrets(), createRunSecrets()];
  runs[0]?.hide("s3cret-of-one");
  runs[1]?.hide("t0ken-of-another");
  const encoded = Buffer.from("user:t0ken-of-another").toString("base64");
  const told = maskedError(Object.assign(new TypeError(`s3cret-of-one, ${encoded}`), { body: "s3cret-of-one" }));
  expect(told.name).toBe("TypeError");
  expect(told.message).toMatch(/^\*\*\*, .*\*\*\*/);
  expect(told.stack).toContain("run-secrets.test.ts");
  expect(`${told.stack} ${JSON.stringify(told)}`).not.toMatch(/s3cret|t0ken/);
  expect(told.stack).not.toContain(encoded);
  expect(maskedError("s3cret-of-one").message).toBe("***");
  expect(runs).toHaveLength(2);
});
