import { expect, test } from "vitest";
import { lesserRole, roleSuffices, roles } from "./roles.ts";

test("each role may do all that those before it may, and no more", () => {
  for (const [index, role] of roles.entries()) {
    expect(roles.filter((needed) => roleSuffices(role, needed))).toEqual(roles.slice(0, index + 1));
  }
});

test("the lesser of two roles is the one that may less", () => {
  for (const [a, first] of roles.entries()) {
    for (const [b, second] of roles.entries()) expect(lesserRole(first, second)).toBe(roles[Math.min(a, b)]);
  }
});
