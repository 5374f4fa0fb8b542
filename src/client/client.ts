/** The TypeScript client of a node's API; its types come from the schemas of the API itself. */
import type { Static } from "typebox";
import { ApiKeyCreated, ApiKeyList, type NewApiKey } from "../schemas/api-keys.ts";
import { AuditEventList } from "../schemas/audit-events.ts";
import { DefinitionVersionAnswer, DefinitionVersionList } from "../schemas/definition-versions.ts";
import { DeliveryList, type DeliveryQuery, MailAnswer, MailTested } from "../schemas/deliveries.ts";
import {
  JobDefinitionAnswer,
  type JobDefinitionChange,
  JobDefinitionList,
  type NewJobDefinition,
} from "../schemas/job-definitions.ts";
import { JobTypeAnswer, JobTypeList } from "../schemas/job-types.ts";
import {
  AttemptList,
  type ExecuteJobDefinition,
  type ExecuteJobType,
  Job,
  JobCreated,
  JobList,
  type JobQuery,
  type JobWait,
  LogList,
  type LogQuery,
  type RerunJob,
} from "../schemas/jobs.ts";
import { MarkedRead, type MarkRead, NotificationList, type NotificationQuery } from "../schemas/notifications.ts";
import { CustomerOccurrenceList, OccurrenceList, type OccurrenceQueryText } from "../schemas/occurrences.ts";
import { NodeList, OverviewAnswer } from "../schemas/overview.ts";
import { type Backfill, BackfillAnswer, type Pause } from "../schemas/schedule-control.ts";
import {
  ScheduleComparison,
  SchedulePreview,
  type SchedulePreviewQuery,
  type SchedulePreviewRequest,
} from "../schemas/schedule-preview.ts";
import { type PutSecret, SecretAnswer, SecretList } from "../schemas/secrets.ts";
import { SigningSecretAnswer } from "../schemas/telling.ts";
import { type NewUser, UserAnswer, type UserChange, UserList } from "../schemas/users.ts";
import { type Connection, call, callForNothing } from "./request.ts";

/** A page of a list. */
export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Headers that a write may carry. */
export interface WriteOptions {
  readonly ifMatch?: string;
  readonly idempotencyKey?: string;
}

/** Makes a client; it opens no connection until it is used. */
export function createClient(connection: Connection) {
  return {
    jobTypes: {
      list: (query: PageQuery = {}) =>
        call(connection, { method: "GET", path: "/job-types", query: { ...query } }, JobTypeList),
      get: (code: string) => call(connection, { method: "GET", path: at("/job-types", code) }, JobTypeAnswer),
      execute: (code: string, body: Static<typeof ExecuteJobType>, options: WriteOptions = {}) =>
        call(
          connection,
          { method: "POST", path: `${at("/job-types", code)}/_execute`, body, headers: headersOf(options) },
          JobCreated,
        ),
    },
    jobDefinitions: {
      create: (body: Static<typeof NewJobDefinition>) =>
        call(connection, { method: "POST", path: "/job-definitions", body }, JobDefinitionAnswer),
      list: (query: PageQuery = {}) =>
        call(connection, { method: "GET", path: "/job-definitions", query: { ...query } }, JobDefinitionList),
      get: (code: string) =>
        call(connection, { method: "GET", path: at("/job-definitions", code) }, JobDefinitionAnswer),
      change: (code: string, body: Static<typeof JobDefinitionChange>, options: WriteOptions = {}) =>
        call(
          connection,
          { method: "PATCH", path: at("/job-definitions", code), body, headers: headersOf(options) },
          JobDefinitionAnswer,
        ),
      put: (code: string, body: Static<typeof NewJobDefinition>, options: WriteOptions = {}) =>
        call(
          connection,
          { method: "PUT", path: at("/job-definitions", code), body, headers: headersOf(options) },
          JobDefinitionAnswer,
        ),
      delete: (code: string, options: WriteOptions = {}) =>
        callForNothing(connection, {
          method: "DELETE",
          path: at("/job-definitions", code),
          headers: headersOf(options),
        }),
      execute: (code: string, body: Static<typeof ExecuteJobDefinition> = {}, options: WriteOptions = {}) =>
        call(
          connection,
          { method: "POST", path: `${at("/job-definitions", code)}/_execute`, body, headers: headersOf(options) },
          JobCreated,
        ),
      /** Its saves, newest first. */
      versions: (code: string, query: PageQuery = {}) =>
        call(
          connection,
          { method: "GET", path: `${at("/job-definitions", code)}/versions`, query: { ...query } },
          DefinitionVersionList,
        ),
      /** What it said in one of its versions. */
      version: (code: string, version: number) =>
        call(
          connection,
          { method: "GET", path: `${at("/job-definitions", code)}/versions/${version}` },
          DefinitionVersionAnswer,
        ),
      /** Stops its schedule; doing so twice changes nothing. */
      pause: (code: string, body: Static<typeof Pause> = {}, options: WriteOptions = {}) =>
        call(
          connection,
          { method: "POST", path: `${at("/job-definitions", code)}/_pause`, body, headers: headersOf(options) },
          JobDefinitionAnswer,
        ),
      /** Lets its schedule fire again. */
      resume: (code: string, options: WriteOptions = {}) =>
        call(
          connection,
          { method: "POST", path: `${at("/job-definitions", code)}/_resume`, body: {}, headers: headersOf(options) },
          JobDefinitionAnswer,
        ),
      /** Makes the jobs of a past range; a repeat makes none twice. */
      backfill: (code: string, body: Static<typeof Backfill>) =>
        call(connection, { method: "POST", path: `${at("/job-definitions", code)}/_backfill`, body }, BackfillAnswer),
      /** What came of the occurrences of its schedule, and those to come. */
      occurrences: (code: string, query: OccurrenceQueryText = {}) =>
        call(
          connection,
          { method: "GET", path: `${at("/job-definitions", code)}/occurrences`, query: { ...query } },
          OccurrenceList,
        ),
    },
    jobs: {
      get: (jobId: string, query: Static<typeof JobWait> = {}) =>
        call(connection, { method: "GET", path: at("/jobs", jobId), query: { ...query } }, Job),
      attempts: (jobId: string) =>
        call(connection, { method: "GET", path: `${at("/jobs", jobId)}/attempts` }, AttemptList),
      logs: (jobId: string, query: Static<typeof LogQuery> = {}) =>
        call(connection, { method: "GET", path: `${at("/jobs", jobId)}/logs`, query: { ...query } }, LogList),
      cancel: (jobId: string) =>
        call(connection, { method: "POST", path: `${at("/jobs", jobId)}/_cancel`, body: {} }, Job),
      rerun: (jobId: string, body: Static<typeof RerunJob> = {}) =>
        call(connection, { method: "POST", path: `${at("/jobs", jobId)}/_rerun`, body }, JobCreated),
      list: (query: Static<typeof JobQuery> = {}) =>
        call(connection, { method: "GET", path: "/jobs", query: { ...query } }, JobList),
    },
    /** The occurrences of all schedules. */
    occurrences: {
      list: (query: OccurrenceQueryText = {}) =>
        call(connection, { method: "GET", path: "/occurrences", query: { ...query } }, CustomerOccurrenceList),
    },
    overview: {
      /** What came of the last day, and what is now. */
      get: () => call(connection, { method: "GET", path: "/overview" }, OverviewAnswer),
      /** The nodes that share the database. */
      nodes: () => call(connection, { method: "GET", path: "/nodes" }, NodeList),
    },
    schedules: {
      /** What an expression comes to. */
      preview: (query: Static<typeof SchedulePreviewQuery>) =>
        call(connection, { method: "GET", path: "/schedules/_preview", query: { ...query } }, SchedulePreview),
      /** What a whole schedule comes to, and how it differs from a definition's. */
      previewChange: (body: Static<typeof SchedulePreviewRequest>) =>
        call(connection, { method: "POST", path: "/schedules/_preview", body }, ScheduleComparison),
    },
    secrets: {
      list: (query: PageQuery = {}) =>
        call(connection, { method: "GET", path: "/secrets", query: { ...query } }, SecretList),
      get: (code: string) => call(connection, { method: "GET", path: at("/secrets", code) }, SecretAnswer),
      /** Makes it or replaces its value. */
      put: (code: string, body: Static<typeof PutSecret>) =>
        call(connection, { method: "PUT", path: at("/secrets", code), body }, SecretAnswer),
      delete: (code: string) => callForNothing(connection, { method: "DELETE", path: at("/secrets", code) }),
    },
    notifications: {
      list: (query: Static<typeof NotificationQuery> = {}) =>
        call(connection, { method: "GET", path: "/notifications", query: { ...query } }, NotificationList),
      markRead: (body: Static<typeof MarkRead>) =>
        call(connection, { method: "POST", path: "/notifications/_markRead", body }, MarkedRead),
    },
    deliveries: {
      list: (query: Static<typeof DeliveryQuery> = {}) =>
        call(connection, { method: "GET", path: "/deliveries", query: { ...query } }, DeliveryList),
    },
    webhooks: {
      signingSecret: () => call(connection, { method: "GET", path: "/webhook-signing-secret" }, SigningSecretAnswer),
    },
    mail: {
      get: () => call(connection, { method: "GET", path: "/mail" }, MailAnswer),
      test: (to: string) => call(connection, { method: "POST", path: "/mail/_test", body: { to } }, MailTested),
    },
    users: {
      create: (body: Static<typeof NewUser>) => call(connection, { method: "POST", path: "/users", body }, UserAnswer),
      list: (query: PageQuery = {}) =>
        call(connection, { method: "GET", path: "/users", query: { ...query } }, UserList),
      get: (userId: string) => call(connection, { method: "GET", path: at("/users", userId) }, UserAnswer),
      change: (userId: string, body: Static<typeof UserChange>) =>
        call(connection, { method: "PATCH", path: at("/users", userId), body }, UserAnswer),
      remove: (userId: string) => callForNothing(connection, { method: "DELETE", path: at("/users", userId) }),
    },
    apiKeys: {
      create: (body: Static<typeof NewApiKey>) =>
        call(connection, { method: "POST", path: "/api-keys", body }, ApiKeyCreated),
      list: (query: PageQuery = {}) =>
        call(connection, { method: "GET", path: "/api-keys", query: { ...query } }, ApiKeyList),
      revoke: (apiKeyId: string) => callForNothing(connection, { method: "DELETE", path: at("/api-keys", apiKeyId) }),
    },
    auditEvents: {
      list: (query: PageQuery = {}) =>
        call(connection, { method: "GET", path: "/audit-events", query: { ...query } }, AuditEventList),
    },
  };
}

/** A node's API as methods, one per call; each rejects with the problem that the node answered. */
export type Client = ReturnType<typeof createClient>;

function at(collection: string, code: string): string {
  return `${collection}/${encodeURIComponent(code)}`;
}

function headersOf({ ifMatch, idempotencyKey }: WriteOptions): Record<string, string> {
  return {
    ...(ifMatch !== undefined && { "if-match": ifMatch }),
    ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
  };
}
