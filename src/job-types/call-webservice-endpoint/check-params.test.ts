import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { checkFilledParams, checkParams } from "./check-params.ts";
import { type Params, paramsSchema } from "./params.ts";

const url = "https://api.example.com/orders";

test("the documented requests are valid", () => {
  const documented: Params[] = [
    {
      url: "https://api.example.com/_query_",
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: { searchTerms: "running shoe" },
      searchParams: { limit: 10 },
    },
    {
      url: "https://jsonplaceholder.typicode.com/posts",
      method: "GET",
      headers: { "Content-Type": "application/json" },
    },
  ];
  for (const params of documented) {
    expect(Value.Check(paramsSchema, params)).toBe(true);
    expect(checkParams(params)).toEqual([]);
  }
});

test.each([
  [{ url: "/orders" }, "/url", /in full/],
  [{ url: "ftp://example.com/" }, "/url", /ftp:/],
  [{ url: "file:///etc/passwd" }, "/url", /only http: and https:/],
  [{ url: "https://user:password@example.com/" }, "/url", /credentials/],
  [{ url: "https://user@example.com/" }, "/url", /credentials/],
  [{ url: "http://[fe80::1%25eth0]/" }, "/url", /not a URL/],
  [
    { url, saveResponseTo: { bucketCode: "a", filename: "{{secrets.A}}.json" } },
    "/saveResponseTo/filename",
    /not hold a secret/,
  ],
  [{ url, headers: { "X-A": "a\r\nX-B: b" } }, "/headers/X-A", /line break/],
  [{ url, headers: { "X-A": "a\u0000" } }, "/headers/X-A", /control character/],
  [{ url, headers: { "X-A": "日本" } }, "/headers/X-A", /Latin-1/],
  [{ url, headers: { "X A": "a" } }, "/headers/X A", /header name/],
  [{ url, headers: { "X:\nA": "a" } }, "/headers/X:\nA", /header name/],
  [{ url, headers: { "": "a" } }, "/headers/", /header name/],
  [{ url, headers: { "a/b~c": "a" } }, "/headers/a~1b~0c", /header name/],
  [{ url, headers: { host: "other" } }, "/headers/host", /leave it out/],
  [{ url, headers: { "Content-Length": "3" } }, "/headers/Content-Length", /leave it out/],
  [{ url, headers: { "Transfer-Encoding": "chunked" } }, "/headers/Transfer-Encoding", /leave it out/],
  [{ url, headers: { Accept: "a", accept: "b" } }, "/headers/accept", /same header as Accept/],
  [{ url, body: { a: 1 } }, "/body", /set method to POST/],
  [{ url, method: "HEAD" as const, body: "a" }, "/body", /HEAD/],
  [{ url, successStatus: ["299-200"] }, "/successStatus/0", /200-299/],
])("%j is refused at %s", (params, path, message) => {
  expect(checkParams(params)).toEqual([{ path, message: expect.stringMatching(message) }]);
});

test.each([
  {},
  { url: "" },
  { url: 5 },
  { url, method: "get" },
  { url, method: "TRACE" },
  { url, headers: { a: 1 } },
  { url, searchParams: { a: null } },
  { url, searchParams: { a: { b: 1 } } },
  { url, successStatus: [] },
  { url, successStatus: ["2xx"] },
  { url, successStatus: [20] },
  { url, responseType: "xml" },
  { url, maxResponseBytes: 0 },
  { url, maxResponseBytes: 4 * 1024 * 1024 + 1 },
  { url, timeout: 5 },
])("%j breaks the schema", (params) => {
  expect(Value.Check(paramsSchema, params)).toBe(false);
});

test("a string that holds a placeholder is checked when it is filled in", () => {
  const params: Params = { url: "{{secrets.SHOP_URL}}", headers: { Authorization: "{{ secrets.TOKEN }}\n" } };
  expect(checkParams(params)).toEqual([]);
  expect(checkFilledParams(params).map(({ path }) => path)).toEqual(["/url", "/headers/Authorization"]);
  expect(checkParams({ url: "{{unknown}}" })).toHaveLength(1);
});

test.each([
  { url, successWhen: 'body.key = "{{secrets.KEY}}"' },
  { url, failureMessage: "$join($split('{{ secrets.KEY }}', ''), '-')" },
  { url, waitFor: { url: '"https://elsewhere.example/?q=" & $reverse("{{secrets.KEY}}")' } },
  { url, paginate: { by: "url" as const, next: '"https://elsewhere.example/{{secrets.KEY}}"' } },
])("an expression that could take a secret apart is refused: %j", (params) => {
  expect(checkParams(params)).toEqual([{ path: expect.any(String), message: expect.stringMatching(/take apart/) }]);
  expect(checkParams(JSON.parse(JSON.stringify(params).replaceAll("secrets.KEY", "job.id")))).toEqual([]);
});

test("what only looks like a reference is checked as it stands", () => {
  expect(checkParams({ url: "{{secrets.not a code}}" })).toMatchObject([{ path: "/url" }]);
  expect(checkParams({ url, headers: { "X-A": "{{job.owner}}\n" } })).toMatchObject([{ path: "/headers/X-A" }]);
});

test("fields that a form left empty send nothing", () => {
  expect(checkParams({ url, body: null })).toEqual([]);
  expect(checkParams({ url, body: "" })).toEqual([]);
});

test("every field is described for forms and docs", () => {
  for (const field of Object.values(paramsSchema.properties)) {
    expect(field).toMatchObject({
      title: expect.any(String),
      description: expect.any(String),
      examples: expect.any(Array),
    });
  }
});
