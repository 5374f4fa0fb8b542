import { createHmac } from "node:crypto";
import type { HmacParams } from "./auth-params.ts";

/** The headers that sign a body. @param now in whole seconds it is the time stamp, where one is wanted */
export function hmacHeaders(
  auth: HmacParams,
  body: string | Uint8Array | undefined,
  now: Date,
): Record<string, string> {
  const { secret, secretEncoding = "text", algorithm = "sha256", encoding = "hex", prefix = "" } = auth;
  const key = Buffer.from(secret, secretEncoding === "text" ? "utf8" : secretEncoding);
  const hmac = createHmac(algorithm, key);
  const timestamp = String(Math.floor(now.getTime() / 1000));
  if (auth.timestampHeader !== undefined) hmac.update(`${timestamp}.`);
  hmac.update(body ?? "");
  const signed = { [auth.header]: prefix + hmac.digest(encoding) };
  return auth.timestampHeader === undefined ? signed : { [auth.timestampHeader]: timestamp, ...signed };
}
