import type { Actor } from "../model/actor.ts";
import { parseJobId } from "../model/job-id.ts";
import { toCallerError } from "../store/database-errors.ts";
import { markRead } from "../store/notifications/mark-read.ts";
import { markReadUntil } from "../store/notifications/mark-read-until.ts";
import type { Context } from "./context.ts";
import { countUnreadNotifications } from "./list-notifications.ts";

/**
 * Marks notifications as read by the key's person: the named ones, and all up to a time.
 *
 * @returns how many are unread now
 */
export async function markNotificationsRead(
  context: Context,
  actor: Actor,
  which: { notificationIds?: readonly string[] | undefined; before?: Date | undefined },
): Promise<number> {
  const { notificationIds = [], before } = which;
  const { sql } = context.database;
  const jobs = notificationIds.flatMap((id) => parseJobId(id) ?? []);
  const alerts = notificationIds.filter((id) => !parseJobId(id) && id.length === 36);
  try {
    if (before) await markReadUntil(sql, actor.userId, before);
    if (notificationIds.length > 0) await markRead(sql, actor, jobs, alerts);
  } catch (error) {
    throw toCallerError(error);
  }
  const unreadCount = await countUnreadNotifications(context, actor);
  context.changes.tell({ customerCode: actor.customerCode, kind: "notification", data: { change: "read" } });
  return unreadCount;
}
