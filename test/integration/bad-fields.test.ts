/** Fields out of their range: each refused with a pointer and a sentence that says what to write, and without a trace. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf, type Send, sender } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { leavingNothing } from "../support/stored-rows.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "there", jobType: "echo" } });
});
afterAll(() => node.close());

const echo = "/job-types/echo/_execute";

function definition(fields: object): object {
  return { jobDefinition: { jobDefinitionCode: "new", jobType: "echo", ...fields } };
}

type Row = [name: string, path: string, body: unknown, pointer: string, sentence: RegExp];

const rows: Row[] = [
  [
    "runAt more than 366 days ahead",
    echo,
    { runAt: new Date(Date.now() + 367 * 86_400_000).toISOString() },
    "/runAt",
    /at most 366 days ahead/,
  ],
  ["runAt in the year 9999", echo, { runAt: "9999-12-31T23:59:59Z" }, "/runAt", /at most 366 days ahead/],
  ["runAt on a day that is none", echo, { runAt: "2027-02-30T00:00:00Z" }, "/runAt", /RFC 3339 time such as/],
  ["runAt in a leap second", echo, { runAt: "2026-12-31T23:59:60Z" }, "/runAt", /RFC 3339/],
  ["runAt before all time", echo, { runAt: "0000-01-01T00:00:00Z" }, "/runAt", /RFC 3339/],
  [
    "runAt that an offset carries past the year 9999",
    echo,
    { runAt: "9999-12-31T23:59:59-23:59" },
    "/runAt",
    /RFC 3339/,
  ],
  ["runAt without a zone", echo, { runAt: "2027-01-01T00:00:00" }, "/runAt", /RFC 3339/],
  ["runAt as a number", echo, { runAt: 1 }, "/runAt", /must be text/],
  ["priority 0", echo, { priority: 0 }, "/priority", /at least 1/],
  ["priority 10", echo, { priority: 10 }, "/priority", /at most 9/],
  ["priority as text", echo, { priority: "5" }, "/priority", /must be a whole number/],
  ["priority 1.5", "/job-definitions/there/_execute", { priority: 1.5 }, "/priority", /must be a whole number/],
  [
    "an option that is none of the choices",
    echo,
    { options: { retry: { backoff: "linear" } } },
    "/options/retry/backoff",
    /must be one of exponential, fixed$/,
  ],
  [
    "an option of the wrong type",
    echo,
    { options: { retry: 3 } },
    "/options/retry",
    /^(\/options\/retry: )?must be an object$/,
  ],
  [
    "a nullable option of the wrong type",
    echo,
    { options: { skipNotification: "yes" } },
    "/options/skipNotification",
    /must be true or false$/,
  ],
  [
    "an email that is none",
    echo,
    { options: { emailList: ["a@example.com", "b"] } },
    "/options/emailList/1",
    /an email address such as/,
  ],
  [
    "a code with 129 letters",
    "/job-definitions",
    definition({ jobDefinitionCode: "a".repeat(129) }),
    "/jobDefinition/jobDefinitionCode",
    /1–128 letters, digits/,
  ],
  [
    "a code with a dot first",
    "/job-definitions",
    definition({ jobDefinitionCode: ".a" }),
    "/jobDefinition/jobDefinitionCode",
    /letter or digit first/,
  ],
  [
    "a code with an umlaut",
    "/job-definitions",
    definition({ jobDefinitionCode: "käse" }),
    "/jobDefinition/jobDefinitionCode",
    /1–128 letters, digits/,
  ],
  [
    "a code with a line break behind it",
    "/job-definitions",
    definition({ jobDefinitionCode: "a\n" }),
    "/jobDefinition/jobDefinitionCode",
    /1–128/,
  ],
  ["an empty name", "/job-definitions", definition({ name: "" }), "/jobDefinition/name", /must not be empty/],
  [
    "a name that is too long",
    "/job-definitions",
    definition({ name: "a".repeat(201) }),
    "/jobDefinition/name",
    /at most 200 characters/,
  ],
  [
    "a cron that is none",
    "/job-definitions",
    definition({ schedule: { cron: "61 * * * *" } }),
    "/jobDefinition/schedule/cron",
    /minute/,
  ],
  [
    "a schedule without a cron",
    "/job-definitions",
    definition({ schedule: { timeZone: "UTC" } }),
    "/jobDefinition/schedule/cron",
    /is missing/,
  ],
  [
    "a schedule that is a text",
    "/job-definitions",
    definition({ schedule: "* * * * *" }),
    "/jobDefinition/schedule",
    /must be an object/,
  ],
  [
    "an excluded day that is none",
    "/job-definitions",
    definition({ schedule: { cron: "* * * * *", exclude: { dates: ["2026-02-30"] } } }),
    "/jobDefinition/schedule/exclude/dates/0",
    /day of the calendar/,
  ],
  [
    "a person without a valid address",
    "/users",
    { user: { email: "nobody", role: "viewer" } },
    "/user/email",
    /email address/,
  ],
  [
    "a role that is none",
    "/users",
    { user: { email: "a@example.com", role: "boss" } },
    "/user/role",
    /must be one of viewer, operator, editor, admin/,
  ],
  [
    "a key that expires in the past",
    "/api-keys",
    { apiKey: { name: "k", role: "viewer", expiresAt: "2020-01-01T00:00:00Z" } },
    "/apiKey/expiresAt",
    /lies in the past/,
  ],
  [
    "a key for nobody",
    "/api-keys",
    { apiKey: { name: "k", role: "viewer", userEmail: "x@example.com" } },
    "/apiKey/userEmail",
    /create the user first/,
  ],
];

test.each(rows)("%s", async (_name, path, body, pointer, sentence) => {
  const answer = await leavingNothing(node.database, () => send("POST", path, body));
  const { code, status, errors = [], detail } = problemOf(answer);
  expect(`${status} ${code}`).toBe("400 VALIDATION_FAILED");
  expect(errors.map((error) => error.path)).toEqual([pointer]);
  expect(errors[0]?.message).toMatch(sentence);
  expect(detail).toMatch(sentence);
});
