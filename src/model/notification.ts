/** What people find in the page: how their customer's jobs ended, and alerts. */
import type { AlertKind } from "./telling.ts";

/** What a notification can be about. */
export const notificationKinds = ["completed", "failed", "alert"] as const;

/** How long notifications are kept. */
export const notificationDays = 30;

/** The highest count of unread notifications that is told: there may be more. */
export const mostUnreadCounted = 1_000;

/** A notification as one person sees it. */
export interface Notification {
  /** The job's id, or that of the alert. */
  readonly notificationId: string;
  readonly kind: (typeof notificationKinds)[number];
  readonly at: Date;
  readonly message: string;
  readonly alert: AlertKind | null;
  readonly jobId: string | null;
  readonly jobType: string | null;
  readonly jobDefinitionCode: string | null;
  readonly read: boolean;
}

/** Where a page of notifications ends: microseconds since the epoch, the row, and the place in it. */
export interface NotificationPosition {
  readonly micros: string;
  readonly rowId: string;
  readonly place: number;
}
