import { countUnreadNotifications, listNotifications } from "../../domain/list-notifications.ts";
import { markNotificationsRead } from "../../domain/mark-notifications-read.ts";
import { uuidPattern } from "../../model/job-id.ts";
import type { NotificationPosition } from "../../model/notification.ts";
import { MarkedRead, MarkRead, NotificationList, NotificationQuery } from "../../schemas/notifications.ts";
import { page, readCursor } from "../cursor.ts";
import { ok, route } from "../route.ts";

const list = "notifications";
const positionPattern = `^[0-9]{1,17} ${uuidPattern.slice(1, -1)} [0-9]{1,9}$`;

/** For people who look what has happened. */
export const listNotificationsRoute = route({
  method: "GET",
  url: "/notifications",
  role: "viewer",
  summary: "List how jobs ended, and alerts, newest first",
  description: "Kept for 30 days, or as long as jobs where that is less. What has been read is kept for each person.",
  query: NotificationQuery,
  answers: { 200: NotificationList },
  async handle({ actor, query, context }) {
    const limit = query.limit ?? 50;
    const after = readPosition(readCursor(list, query.cursor, positionPattern));
    const which = query.unread === true ? "unread" : "all";
    const [found, unreadCount] = await Promise.all([
      listNotifications(context, actor, which, after, limit + 1),
      countUnreadNotifications(context, actor),
    ]);
    const { items, nextCursor } = page(list, found, limit, ({ position }) => writePosition(position));
    return ok({ notifications: items.map(({ position: _, ...shown }) => shown), unreadCount, nextCursor });
  },
});

/** For people who have seen them. */
export const markNotificationsReadRoute = route({
  method: "POST",
  url: "/notifications/_markRead",
  role: "viewer",
  summary: "Mark notifications as read by the key's person",
  body: MarkRead,
  answers: { 200: MarkedRead },
  async handle({ actor, body, context }) {
    const before = body.before === undefined ? undefined : new Date(body.before);
    const { notificationIds } = body;
    return ok({ unreadCount: await markNotificationsRead(context, actor, { notificationIds, before }) });
  },
});

function writePosition({ micros, rowId, place }: NotificationPosition): string {
  return `${micros} ${rowId} ${place}`;
}

function readPosition(text: string | undefined): NotificationPosition | null {
  if (text === undefined) return null;
  const [micros = "", rowId = "", place = ""] = text.split(" ");
  return { micros, rowId, place: Number(place) };
}
