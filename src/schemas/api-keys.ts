import Type from "typebox";
import { closed, Email, NextCursor, nullable, RoleName, Timestamp } from "./primitives.ts";

const Name = Type.String({ minLength: 1, maxLength: 200 });
const ApiKeyId = Type.String({ pattern: "^[0-9a-z]{16}$" });

export const NewApiKey = closed({
  apiKey: closed({
    name: Name,
    role: RoleName,
    userEmail: Type.Optional(Email),
    expiresAt: Type.Optional(nullable(Timestamp)),
  }),
});

const fields = {
  apiKeyId: ApiKeyId,
  name: Name,
  role: RoleName,
  userEmail: Email,
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
