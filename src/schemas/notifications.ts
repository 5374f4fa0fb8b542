import Type from "typebox";
import { jobIdPattern, uuidPattern } from "../model/job-id.ts";
import { mostUnreadCounted, notificationKinds } from "../model/notification.ts";
import { alertKinds } from "../model/telling.ts";
import { Code, closed, JobIdText, NextCursor, nullable, Page, Timestamp } from "./primitives.ts";

const NotificationId = Type.String({
  pattern: `${jobIdPattern}|${uuidPattern}`,
  description: "The job's id, or that of the alert.",
});
const UnreadCount = Type.Integer({
  minimum: 0,
  maximum: mostUnreadCounted,
  description: `Unread by the key's person; ${mostUnreadCounted} stands for that and more.`,
});

const Notification = Type.Object(
  {
    notificationId: NotificationId,
    kind: Type.Enum([...notificationKinds]),
    at: Timestamp,
    message: Type.String({ description: "Why the job failed, or what the alert says." }),
    alert: nullable(Type.Enum([...alertKinds])),
    jobId: nullable(JobIdText),
    jobType: nullable(Type.String()),
    jobDefinitionCode: nullable(Code),
    read: Type.Boolean(),
  },
  { $id: "Notification" },
);

/** A page of `GET /notifications`. */
export const NotificationList = Type.Object({
  notifications: Type.Array(Notification),
  unreadCount: UnreadCount,
  nextCursor: NextCursor,
});

/** Query of `GET /notifications`. */
export const NotificationQuery = closed({
  unread: Type.Optional(Type.Boolean({ description: "true: only those that the key's person has not read." })),
  ...Page,
});

/** Body of `POST /notifications/_markRead`. */
export const MarkRead = Type.Object(
  {
    notificationIds: Type.Optional(Type.Array(NotificationId, { minItems: 1, maxItems: 200 })),
    before: Type.Optional(Timestamp),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: "The named ones, or all up to a time, or both.",
  },
);

/** Answer of `POST /notifications/_markRead`. */
export const MarkedRead = Type.Object({ unreadCount: UnreadCount });
