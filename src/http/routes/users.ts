import { changeUser } from "../../domain/change-user.ts";
import { createUser } from "../../domain/create-user.ts";
import { getUser } from "../../domain/get-user.ts";
import { listUsers } from "../../domain/list-users.ts";
import { removeUser } from "../../domain/remove-user.ts";
import { uuidPattern } from "../../model/job-id.ts";
import { closed, Page } from "../../schemas/primitives.ts";
import { NewUser, UserAnswer, UserChange, UserList, UserPath } from "../../schemas/users.ts";
import { page, readCursor } from "../cursor.ts";
import { created, NoBody, noContent, ok, problems, route } from "../route.ts";

const list = "users";

/** For admins who add a colleague. */
export const createUserRoute = route({
  method: "POST",
  url: "/users",
  role: "admin",
  summary: "Add a person",
  body: NewUser,
  answers: { 201: UserAnswer, ...problems("CONFLICT") },
  async handle({ actor, body, context }) {
    return created({ user: await createUser(context, actor, body.user) });
  },
});

/** For admins who look who has access. */
export const listUsersRoute = route({
  method: "GET",
  url: "/users",
  role: "admin",
  summary: "List people",
  query: closed(Page),
  answers: { 200: UserList },
  async handle({ actor, query, context }) {
    const limit = query.limit ?? 50;
    const after = readCursor(list, query.cursor, uuidPattern);
    const found = await listUsers(context, actor, after ?? null, limit + 1);
    const { items, nextCursor } = page(list, found, limit, (user) => user.userId);
    return ok({ users: items, nextCursor });
  },
});

/** For admins who look at one person's role. */
export const getUserRoute = route({
  method: "GET",
  url: "/users/:userId",
  role: "admin",
  summary: "Read a person",
  params: UserPath,
  answers: { 200: UserAnswer, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    return ok({ user: await getUser(context, actor, params.userId) });
  },
});

/** For admins who change what a person may do; keys of that person follow at once. */
export const changeUserRoute = route({
  method: "PATCH",
  url: "/users/:userId",
  role: "admin",
  summary: "Change a person's name or role",
  params: UserPath,
  body: UserChange,
  answers: { 200: UserAnswer, ...problems("NOT_FOUND", "CONFLICT") },
  async handle({ actor, params, body, context }) {
    return ok({ user: await changeUser(context, actor, params.userId, body.user) });
  },
});

/** For admins whose colleague has left. */
export const removeUserRoute = route({
  method: "DELETE",
  url: "/users/:userId",
  role: "admin",
  summary: "Remove a person and revoke the person's keys",
  params: UserPath,
  answers: { 204: NoBody, ...problems("NOT_FOUND", "CONFLICT") },
  async handle({ actor, params, context }) {
    await removeUser(context, actor, params.userId);
    return noContent();
  },
});
