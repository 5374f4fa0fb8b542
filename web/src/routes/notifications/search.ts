/** What the address of the notifications says. */

/** Absent: all of them, from the newest on. */
export interface NotificationsSearch {
  unread?: true;
  cursor?: string;
}

/** Reads the address; what is not understood is left out. */
export function readNotificationsSearch({ unread, cursor }: Record<string, unknown>): NotificationsSearch {
  return { unread: unread === true ? true : undefined, cursor: typeof cursor === "string" ? cursor : undefined };
}
