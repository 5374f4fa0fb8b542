import Type from "typebox";
import { largestSecret, mostSecretHosts } from "../model/secret.ts";
import { longestSecretHost } from "../model/secret-hosts.ts";
import { Code, closed, NextCursor, nullable, ReadOnly, resettable, Timestamp } from "./primitives.ts";

const Hosts = Type.Array(Type.String({ minLength: 1, maxLength: longestSecretHost }), {
  minItems: 1,
  maxItems: mostSecretHosts,
  examples: [["api.example.com", "*.example.org:8443"]],
});

/** Body of `PUT /secrets/{secretCode}`. */
export const PutSecret = closed({
  value: Type.String({
    minLength: 1,
    maxLength: largestSecret,
    description: "The value, up to 64 KiB of UTF-8. Nothing answers it again.",
  }),
  hosts: resettable(
    Type.Unsafe<string[]>({
      ...Hosts,
      description:
        "The only hosts that the value may be sent to; null: any. Absent: as before, and any for a new secret. `*.example.com` is every name below example.com; without a port, every port.",
    }),
  ),
  secretCode: ReadOnly,
  createdAt: ReadOnly,
  updatedAt: ReadOnly,
  updatedBy: ReadOnly,
});

const Secret = Type.Object(
  {
    secretCode: Code,
    hosts: nullable(Type.Array(Type.String())),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    updatedBy: Type.String(),
  },
  { $id: "Secret", description: "A secret without its value, which nothing answers." },
);

/** One secret, without its value. */
export const SecretAnswer = Type.Object({ secret: Secret });

/** A page of `GET /secrets`. */
export const SecretList = Type.Object({ secrets: Type.Array(Secret), nextCursor: NextCursor });

/** Address of one secret. */
export const SecretPath = Type.Object({ secretCode: Code });
