import type { Role } from "../../model/roles.ts";
import type { User } from "../../model/user.ts";

/** The columns that `toUser` reads. */
export interface UserRow {
  user_id: string;
  email: string;
  name: string;
  role: Role;
  created_at: Date;
  updated_at: Date;
}

/** Makes a person of a row. */
export function toUser(row: UserRow): User {
  return {
    userId: row.user_id,
    email: row.email,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
