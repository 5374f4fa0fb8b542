/** What each role may do, each all of the one before it as well. */
export const roleOptions = [
  { value: "viewer", label: "Viewer: sees all" },
  { value: "operator", label: "Operator: runs and cancels" },
  { value: "editor", label: "Editor: changes definitions and secrets" },
  { value: "admin", label: "Admin: manages people and keys" },
] as const;

/** The name of a role. */
export type RoleName = (typeof roleOptions)[number]["value"];

/** Reads the choice of a select. */
export function toRole(value: string | null): RoleName {
  return roleOptions.find((option) => option.value === value)?.value ?? "viewer";
}
