/** Bodies that are refused: each with its status, its code, a pointer and a sentence, and without a trace. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf, type Send, sender } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { leavingNothing } from "../support/stored-rows.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
});
afterAll(() => node.close());

const call = "/job-types/callWebserviceEndpoint/_execute";
const echo = "/job-types/echo/_execute";
const url = "https://api.example.com/";

function definition(fields: object): object {
  return { jobDefinition: { jobDefinitionCode: "new", jobType: "echo", ...fields } };
}

type Row = [name: string, path: string, body: unknown, pointer: string, sentence: RegExp];

const rows: Row[] = [
  [
    "an unknown job type",
    "/job-definitions",
    definition({ jobType: "nope" }),
    "/jobDefinition/jobType",
    /no such job type; known are .*echo/,
  ],
  ["missing params", call, {}, "/params/url", /is missing/],
  ["wrong params", call, { params: { url: 7 } }, "/params/url", /must be text/],
  ["params that are a list", echo, { params: [] }, "/params", /must be an object/],
  ["unknown params", call, { params: { url, wat: 1 } }, "/params/wat", /not known here/],
  ["an unknown field", echo, { prams: {} }, "/prams", /not known here; remove it or correct its name/],
  [
    "an unknown field inside",
    "/job-definitions",
    definition({ options: { retry: { tries: 3 } } }),
    "/jobDefinition/options/retry/tries",
    /not known/,
  ],
  ["a name with / and ~", echo, { "a/b~c": 1 }, "/a~1b~0c", /not known/],
  ["no envelope", "/job-definitions", {}, "/jobDefinition", /is missing/],
  ["a list for a body", echo, [], "", /must be an object/],
  ["null for a body", echo, "null", "", /must be an object/],
  ["a text for a body", echo, '"{}"', "", /must be an object/],
  ["`__proto__`", echo, '{"params":{"__proto__":{"admin":true}}}', "/params/__proto__", /not allowed as a name/],
  ["`__proto__` in escapes", echo, '{"params":{"\\u005f_proto__":{}}}', "/params/__proto__", /not allowed as a name/],
  ["`__proto__` deep in a list", echo, '{"params":{"a":[{"__proto__":1}]}}', "/params/a/0/__proto__", /not allowed/],
  ["U+0000", echo, '{"params":{"a":"x\\u0000y"}}', "/params/a", /U\+0000/],
  ["U+0000 in a name", echo, '{"params":{"x\\u0000y":1}}', "/params/x\u0000y", /U\+0000/],
  ["a lone high surrogate", echo, '{"params":{"a":["\\ud800"]}}', "/params/a/0", /half a surrogate pair/],
  [
    "a lone low surrogate in a definition",
    "/job-definitions",
    '{"jobDefinition":{"jobDefinitionCode":"new","jobType":"echo","name":"\\udc00"}}',
    "/jobDefinition/name",
    /half a surrogate/,
  ],
  ["a number beyond a double", echo, '{"params":{"a":1e400}}', "/params/a", /beyond what can be kept/],
  [
    "a number beyond a double in digits",
    echo,
    `{"params":{"a":${"9".repeat(400)}}}`,
    "/params/a",
    /beyond what can be kept/,
  ],
  ["a URL with credentials", call, { params: { url: "https://u:p@example.com/" } }, "/params/url", /credentials/],
  [
    "a URL that is not http(s)",
    call,
    { params: { url: "file:///etc/passwd" } },
    "/params/url",
    /only http: and https:/,
  ],
  ["a URL that is none", call, { params: { url: "/orders" } }, "/params/url", /not a URL/],
  [
    "a header with a line break",
    call,
    { params: { url, headers: { "X-A": "a\r\nX-B: b" } } },
    "/params/headers/X-A",
    /line break/,
  ],
  [
    "a header name with a line break",
    call,
    { params: { url, headers: { "X\r\nA": "a" } } },
    "/params/headers/X\r\nA",
    /not a header name/,
  ],
  [
    "a URL with credentials in a definition",
    "/job-definitions",
    definition({ jobType: "callWebserviceEndpoint", params: { url: "https://u@example.com/" } }),
    "/jobDefinition/params/url",
    /credentials/,
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
