/** `/notifications` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { MarkRead, NotificationList } from "../../../src/schemas/notifications.ts";
import { request } from "./request.ts";

/** How a job ended, or an alert. */
export type Notification = Static<typeof NotificationList>["notifications"][number];

/** A page of notifications, newest first. */
export function notificationsQuery(query: { unread?: boolean | undefined; cursor?: string | undefined }) {
  return queryOptions({
    queryKey: ["notifications", "list", query],
    queryFn: ({ signal }) =>
      request<Static<typeof NotificationList>>("GET", "/notifications", {
        query: { unread: query.unread ? "true" : undefined, cursor: query.cursor },
        signal,
      }),
  });
}

/** How many the person has not read; 1,000 stands for that and more. */
export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: async ({ signal }) =>
    (await request<Static<typeof NotificationList>>("GET", "/notifications", { query: { limit: 1 }, signal }))
      .unreadCount,
});

/** Marks notifications as read: those that are named, or all up to a time. */
export function markRead(body: Static<typeof MarkRead>): Promise<unknown> {
  return request("POST", "/notifications/_markRead", { body });
}
