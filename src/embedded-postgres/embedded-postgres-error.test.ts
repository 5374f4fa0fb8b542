import { expect, test } from "vitest";
import { explainFailure } from "./embedded-postgres-error.ts";

test.each([
  ["could not write to file: No space left on device", /free some space/],
  ["could not look up effective user ID 1234: user does not exist", /\/etc\/passwd/],
  ["error while loading shared libraries: libstdc++.so.6", /Install the one it names/],
  ["Error: spawn EPERM", /start the node as an ordinary user/],
  ["something never seen", /DATABASE_URL/],
])("%j comes with its remedy", (said, remedy) => {
  const { message } = explainFailure("It failed", said);
  expect(message).toContain(said);
  expect(message).toMatch(remedy);
});
