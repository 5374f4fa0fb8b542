import { ApiError } from "../model/api-errors.ts";
import { hashSecret } from "../model/api-key.ts";
import { parseSessionToken } from "../model/session.ts";
import { takeSignInLink } from "../store/sessions/take-sign-in-link.ts";
import type { Context } from "./context.ts";
import { type OpenedSession, writeSession } from "./open-session.ts";
import { inTransaction } from "./steps/in-transaction.ts";

/** Opens a session for whoever has a sign-in link, and uses the link up. @throws ApiError UNAUTHENTICATED */
export async function openSessionByLink(context: Context, link: string): Promise<OpenedSession> {
  const parsed = parseSessionToken(link);
  return inTransaction(context.database, async (sql) => {
    const actor = parsed && (await takeSignInLink(sql, parsed.sessionId, hashSecret(parsed.secret)));
    if (!actor) {
      throw new ApiError("UNAUTHENTICATED", "The sign-in link has been used or has expired: sign in with an API key.");
    }
    return writeSession(sql, context, actor);
  });
}
