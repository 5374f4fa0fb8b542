/** The four roles of people and keys; each may do all that the ones before it may. */
export const roles = ["viewer", "operator", "editor", "admin"] as const;

/** What a person or a key may do. */
export type Role = (typeof roles)[number];

/** Whether `role` may do what asks for `needed`. */
export function roleSuffices(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/** The lesser of two roles: a key never does more than its person may. */
export function lesserRole(a: Role, b: Role): Role {
  return roleSuffices(a, b) ? b : a;
}
