/** What every use case is given, and the ports that it declares of the world outside the domain. */
import type { FieldError } from "../model/api-errors.ts";
import type { DeliveryOutcome } from "../model/delivery.ts";
import type { FileProcess } from "../model/file-work.ts";
import type { SecretKey } from "../model/secret-box.ts";
import type { ChangeFeed } from "../runtime/change-feed.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Events } from "../runtime/events.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Turns } from "../runtime/turns.ts";
import type { Database } from "../store/database.ts";
import type { Admitter } from "./admit-jobs.ts";
import type { JobWriter } from "./create-jobs.ts";
import type { FileStorage } from "./file-storage.ts";
import type { Holds } from "./let-held-jobs.ts";
import type { QueueLengths } from "./limit-queues.ts";
import type { ParentResumer } from "./resume-parents.ts";
import type { JobWaiter } from "./wait-for-job.ts";

/** A job type as callers may know it. */
export interface JobTypeInfo {
  readonly code: string;
  readonly name: string;
  readonly description: string;
  /** JSON Schemas (2020-12). */
  readonly paramsSchema: object;
  readonly resultSchema: object;
  readonly defaults: { readonly timeoutSeconds: number };
  /**
   * The faults of params, as pointers into them. A string that holds a placeholder is checked for type and length
   * only while it is `stored`, and wholly once it is `filledIn`.
   */
  checkParams(params: unknown, moment: "stored" | "filledIn"): FieldError[];
}

/** Port: the job types of this node. */
export interface JobTypeCatalogue {
  list(): readonly JobTypeInfo[];
  find(code: string): JobTypeInfo | undefined;
}

/** Port: the mail server. */
export interface MailServer {
  /** The address that mails come from. */
  readonly from: string;
  /** Sends a test mail at once; never throws. */
  sendTest(to: string): Promise<DeliveryOutcome>;
}

/** Which process this is, among those that share the database. */
export interface NodeIdentity {
  /** A fresh UUID of every process start: a claim belongs to a process, not to a machine. */
  readonly nodeId: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** Everything a use case needs of its node; made once, by `main.ts`. */
export interface Context {
  readonly node: NodeIdentity;
  readonly database: Database;
  readonly jobTypes: JobTypeCatalogue;
  readonly jobWriter: JobWriter;
  readonly jobWaiter: JobWaiter;
  /** Where the bytes of files lie. */
  readonly storage: FileStorage;
  /** Port: works on one file, in a process of its own. */
  readonly fileProcess: FileProcess;
  /** Places for such processes. */
  readonly fileTurns: Turns;
  /** Places for those that show people the beginning of a file: none of them waits behind a job. */
  readonly previewTurns: Turns;
  readonly admitter: Admitter;
  readonly parents: ParentResumer;
  readonly holds: Holds;
  readonly queueLengths: QueueLengths;
  /** How many days jobs are kept from their end, and the ledger of schedules from its day's. */
  readonly retentionDays: number;
  /** What secrets are encrypted with, the newest first; empty where the operator has set none. */
  readonly secretKeys: readonly SecretKey[];
  /** null: none is set, and mail waits. */
  readonly mail: MailServer | null;
  readonly events: Events;
  /** What customers' live readers are told. */
  readonly changes: ChangeFeed;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
}
