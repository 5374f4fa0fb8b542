import { expect, test } from "vitest";
import { apiErrors, invalid } from "./api-errors.ts";
import { jobErrors } from "./job-errors.ts";

test("400 tells the first fault in its detail, and how many more there are", () => {
  expect(invalid([]).message).toBe("The request is not valid.");
  expect(invalid([{ path: "", message: "must be an object" }]).message).toBe("The request: must be an object");
  const two = [
    { path: "/a", message: "is missing" },
    { path: "/b", message: "is missing" },
  ];
  expect(invalid(two)).toMatchObject({ message: "/a: is missing (and 1 more)", status: 400, errors: two });
});

test("400 repeats what was sent only so far, and never half a character", () => {
  const long = invalid(
    Array.from({ length: 30 }, () => ({ path: `/${"😀".repeat(1000)}`, message: "x".repeat(1000) })),
  );
  expect(long.errors).toHaveLength(20);
  for (const error of long.errors ?? []) {
    expect(error.path.length).toBeLessThanOrEqual(401);
    expect(error.path.isWellFormed()).toBe(true);
    expect(error.message.length).toBeLessThanOrEqual(401);
  }
});

test("no code means two things", () => {
  const both = Object.keys(apiErrors).filter((code) => code in jobErrors);
  expect(both).toEqual([]);
});
