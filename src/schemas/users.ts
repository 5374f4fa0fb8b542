import Type from "typebox";
import { closed, Email, NextCursor, ReadOnly, RoleName, Timestamp, Uuid } from "./primitives.ts";

const Name = Type.String({ minLength: 1, maxLength: 200 });

export const NewUser = closed({
  user: closed({
    email: Email,
    name: Type.Optional(Name),
    role: RoleName,
    userId: ReadOnly,
    createdAt: ReadOnly,
    updatedAt: ReadOnly,
  }),
});

export const UserChange = closed({
  user: closed({
    name: Type.Optional(Name),
    role: Type.Optional(RoleName),
    email: ReadOnly,
    userId: ReadOnly,
    createdAt: ReadOnly,
    updatedAt: ReadOnly,
  }),
});

const User = Type.Object(
  {
    userId: Uuid,
    email: Type.String(),
    name: Name,
    role: RoleName,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: "User" },
);

export const UserAnswer = Type.Object({ user: User });
export const UserList = Type.Object({ users: Type.Array(User), nextCursor: NextCursor });
export const UserPath = Type.Object({ userId: Uuid });
