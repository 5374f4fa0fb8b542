import type { Actor } from "../model/actor.ts";
import { ApiError } from "../model/api-errors.ts";
import { newSession, sessionSeconds } from "../model/session.ts";
import { deleteOldSessions } from "../store/sessions/delete-old-sessions.ts";
import { insertSession } from "../store/sessions/insert-session.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Expired sessions that each new one clears away, so that none has to be swept. */
const clearedAtOnce = 100;

/** A session as its owner's browser keeps it. */
export interface OpenedSession {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Opens a session that acts with the key of `actor`. @throws ApiError UNAUTHENTICATED where the key has just gone */
export async function openSession(
  context: Context,
  actor: Pick<Actor, "customerCode" | "email" | "apiKeyId">,
): Promise<OpenedSession> {
  return inTransaction(context.database, (sql) => writeSession(sql, context, actor));
}

/** The same inside a transaction of the caller's. */
export async function writeSession(
  sql: Sql,
  context: Context,
  actor: Pick<Actor, "customerCode" | "email" | "apiKeyId">,
): Promise<OpenedSession> {
  const { sessionId, token, secretHash } = newSession();
  const session = { sessionId, kind: "session", apiKeyId: actor.apiKeyId, secretHash } as const;
  const expiresAt = await insertSession(sql, { ...session, validForSeconds: sessionSeconds });
  if (!expiresAt) throw new ApiError("UNAUTHENTICATED", "The API key has been revoked.");
  await deleteOldSessions(sql, clearedAtOnce);
  await recordAudit(sql, context.clock, actor, "session.open", actor.apiKeyId);
  return { token, expiresAt };
}
