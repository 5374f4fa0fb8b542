import { expect, test } from "vitest";
import { fillPlaceholders, holdsPlaceholder, mayHoldPlaceholder, secretReferences } from "./placeholders.ts";

const values = {
  jobId: "20261124-x",
  scheduledFor: "2026-11-24T05:00:00Z",
  attempt: 2,
  now: new Date("2026-11-24T06:07:08.900Z"),
};
const fill = (params: Record<string, unknown>) => fillPlaceholders(params, values, (code) => `<${code}>`);

test.each([
  ["{{job.id}}", "20261124-x"],
  ["{{job.scheduledFor}}", "2026-11-24T05:00:00Z"],
  ["{{job.attempt}}", "2"],
  ["{{timestamp}}", "20261124_060708"],
  ["{{date}}", "20261124"],
  ["{{secrets.API_KEY-1.x}}", "<API_KEY-1.x>"],
  ["{{ date }}/{{date}}", "20261124/20261124"],
  ["{{{date}}}", "{20261124}"],
])("%s becomes %s", (text, expected) => {
  expect(fill({ a: text, b: [{ c: text }] })).toEqual({ a: expected, b: [{ c: expected }] });
  expect(holdsPlaceholder(text)).toBe(true);
});

test.each([
  "{{name}}",
  "{{ job.name }}",
  "{{secrets.}}",
  "{{secrets.a b}}",
  "{{Date}}",
  "{date}",
  "{{date",
  "{{#each}}",
])("%s passes as it is", (text) => {
  expect(fill({ a: text })).toEqual({ a: text });
  expect(holdsPlaceholder(text)).toBe(false);
});

test("a value that looks like a reference is not looked at again, and names are never filled in", () => {
  expect(fillPlaceholders({ a: "{{secrets.x}}" }, values, () => "{{job.id}} $& $1")).toEqual({ a: "{{job.id}} $& $1" });
  expect(fill({ "{{date}}": 1, n: 5, t: true, z: null })).toEqual({ "{{date}}": 1, n: 5, t: true, z: null });
});

test("a reference within a reference is filled in from the inside, once, and names no secret", () => {
  const text = "{{secrets.{{job.attempt}}}}";
  expect(fill({ a: text })).toEqual({ a: "{{secrets.2}}" });
  expect([...secretReferences({ a: text })]).toEqual([]);
});

test("what may hold a reference is told from what cannot, at every depth", () => {
  expect(mayHoldPlaceholder({ a: ["x", { b: "{{date}}" }] })).toBe(true);
  expect(mayHoldPlaceholder({ a: ["x", { b: "{date}", n: 1, z: null }] })).toBe(false);
});

test("secrets are found at every depth, each once", () => {
  const params = {
    a: "{{secrets.one}} {{secrets.two}}",
    b: [{ c: "{{ secrets.one }}" }],
    d: "{{date}}",
    "{{secrets.name}}": 1,
  };
  expect([...secretReferences(params)]).toEqual(["one", "two"]);
});
