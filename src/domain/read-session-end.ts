import { ApiError } from "../model/api-errors.ts";
import { findSessionEnd } from "../store/sessions/find-session-end.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Reads when a session ends. @throws ApiError UNAUTHENTICATED where it has been closed, UNAVAILABLE */
export async function readSessionEnd(context: Context, sessionId: string): Promise<Date> {
  const end = await readPatiently(context.database, (sql) => findSessionEnd(sql, sessionId));
  if (!end) throw new ApiError("UNAUTHENTICATED", "The session has ended: sign in again.");
  return end;
}
