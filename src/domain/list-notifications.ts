import type { Actor } from "../model/actor.ts";
import { mostUnreadCounted, type Notification, type NotificationPosition } from "../model/notification.ts";
import { countUnread } from "../store/notifications/count-unread.ts";
import { listNotifications as list } from "../store/notifications/list-notifications.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists notifications as the key's person sees them, newest first, from behind `after`. */
export async function listNotifications(
  { database }: Context,
  actor: Actor,
  which: "all" | "unread",
  after: NotificationPosition | null,
  limit: number,
): Promise<(Notification & { position: NotificationPosition })[]> {
  return readPatiently(database, (sql) => list(sql, actor, which, after, limit));
}

/** Counts what the key's person has not read; 1,000 stands for that and more. */
export async function countUnreadNotifications({ database }: Context, actor: Actor): Promise<number> {
  return readPatiently(database, (sql) => countUnread(sql, actor, mostUnreadCounted));
}
