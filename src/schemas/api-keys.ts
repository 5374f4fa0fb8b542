import Type from "typebox";
import { apiKeyIdPattern } from "../model/api-key.ts";
import { closed, Email, NextCursor, nullable, ReadOnly, RoleName, Timestamp } from "./primitives.ts";

const Name = Type.String({ minLength: 1, maxLength: 200 });
const ApiKeyId = Type.String({ pattern: apiKeyIdPattern });

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

export const ApiKeyCreated = Type.Object({
  apiKey: Type.Object({ ...fields, key: Type.String({ description: "The key itself; shown this once." }) }),
});
export const ApiKeyList = Type.Object({ apiKeys: Type.Array(Type.Object(fields)), nextCursor: NextCursor });
export const ApiKeyPath = Type.Object({ apiKeyId: ApiKeyId });
