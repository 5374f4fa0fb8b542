import { linkSeconds, newSession } from "../model/session.ts";
import { insertSession } from "../store/sessions/insert-session.ts";
import type { Context } from "./context.ts";

/** Makes a token that opens one session with a key, once, within an hour. */
export async function createSignInLink(context: Context, apiKeyId: string): Promise<string> {
  const { sessionId, token, secretHash } = newSession();
  const link = { sessionId, kind: "link", apiKeyId, secretHash, validForSeconds: linkSeconds } as const;
  await insertSession(context.database.sql, link);
  return token;
}
