import { unavailable } from "../../model/api-errors.ts";
import type { SecretKey } from "../../model/secret-box.ts";
import type { Context } from "../context.ts";

/** The key that encrypts. @throws ApiError UNAVAILABLE where the operator has set none */
export function requireSecretKey({ secretKeys: [newest] }: Pick<Context, "secretKeys">): SecretKey {
  if (newest) return newest;
  throw unavailable(
    "This node has no key to encrypt secrets with. Its operator must set PUNCTUAL_SECRET_KEY to the same value on every node (`openssl rand -base64 32` makes one).",
  );
}
