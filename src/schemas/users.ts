import Type from "typebox";
import { closed, Email, NextCursor, ReadOnly, RoleName, Timestamp, Uuid } from "./primitives.ts";

const Name = Type.String({ minLength: 1, maxLength: 200 });

/** Body of `POST /users`. */
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

/** Body of `PATCH /users/{userId}`: absent fields stay. */
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

/** One person, as stored now. */
export const UserAnswer = Type.Object({ user: User });

/** A page of `GET /users`. */
export const UserList = Type.Object({ users: Type.Array(User), nextCursor: NextCursor });

/** Address of one person. */
export const UserPath = Type.Object({ userId: Uuid });
