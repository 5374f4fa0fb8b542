import Type from "typebox";
import { apiKeyIdPattern } from "../model/api-key.ts";
import { closed, Email, NextCursor, nullable, ReadOnly, RoleName, Timestamp } from "./primitives.ts";

const Name = Type.String({ minLength: 1, maxLength: 200 });
const ApiKeyId = Type.String({ pattern: apiKeyIdPattern });

/** Body of `POST /api-keys`. */
export const NewApiKey = closed({
  apiKey: closed({
    name: Name,
    role: RoleName,
    userEmail: Type.Optional(Email),
    expiresAt: Type.Optional(nullable(Timestamp)),
    apiKeyId: ReadOnly,
    lastUsedAt: ReadOnly,
    createdAt: ReadOnly,
    createdBy: ReadOnly,
  }),
});

const fields = {
  apiKeyId: ApiKeyId,
  name: Name,
  role: RoleName,
  userEmail: Type.String(),
  expiresAt: nullable(Timestamp),
  lastUsedAt: nullable(Timestamp),
  createdAt: Timestamp,
  createdBy: Type.String(),
};

/** Answer of `POST /api-keys`: the only one that holds the key itself. */
export const ApiKeyCreated = Type.Object({
  apiKey: Type.Object({ ...fields, key: Type.String({ description: "The key itself; shown this once." }) }),
});

/** A page of `GET /api-keys`. */
export const ApiKeyList = Type.Object({ apiKeys: Type.Array(Type.Object(fields)), nextCursor: NextCursor });

/** Address of one API key. */
export const ApiKeyPath = Type.Object({ apiKeyId: ApiKeyId });
