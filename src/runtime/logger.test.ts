import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLogger, type Logger } from "./logger.ts";

/** What a log writes. */
function written(readable: boolean, write: (log: Logger) => void): string {
  const chunks: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  write(createLogger("info", readable, destination));
  return chunks.join("");
}

const secrets = {
  authorization: "Bearer s3cret",
  apiKey: "s3cret",
  password: "s3cret",
  secret: "s3cret",
  databaseUrl: "postgres://u:s3cret@h/d",
  databaseDirectUrl: "postgres://u:s3cret@h/d",
  metricsToken: "s3cret",
  headers: { "x-token": "s3cret", cookie: "s3cret" },
};

test.each(["JSON", "readable"])("what is secret is in no %s line, at the top and three levels below it", (kind) => {
  const lines = written(kind === "readable", (log) => {
    log.info({ name: "top", ...secrets }, "zero");
    log.info({ config: secrets }, "one");
    log.info({ request: { config: secrets } }, "two");
    log.info({ job: { params: { auth: secrets } } }, "three");
    log.info({ err: Object.assign(new Error("failed"), { options: secrets }) }, "of an error");
    log.child({ request: secrets }).info("of a child");
  });
  expect(lines).not.toContain("s3cret");
  expect(lines).toContain("[Redacted]");
  for (const kept of ["top", "zero", "one", "two", "three", "failed", "of a child"]) expect(lines).toContain(kept);
});

test("in a terminal the greeting is one line; for machines it has its fields", () => {
  const greet = (log: Logger): void =>
    log.info({ listening: "http://a:1", page: "p", api: "q", credentials: "c", roles: ["api"] }, "Punctual is ready");
  expect(written(true, greet).trim().split("\n")).toEqual([expect.stringContaining("Punctual is ready")]);
  expect(JSON.parse(written(false, greet))).toMatchObject({ listening: "http://a:1", credentials: "c" });
});
