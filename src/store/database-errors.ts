/** Tells apart the ways in which a statement fails. */
import postgres from "postgres";
import { unavailable } from "../model/api-errors.ts";

/** SQLSTATE classes and codes that say "not now" rather than "not this": the same statement may succeed later. */
const passing = /^(08...|57P0[123]|25006|53[123]00|55P03|57014|40001|40P01)$/;

/** Codes with which a connection fails before or while PostgreSQL answers. */
const connection =
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|EACCES)/;

/** A statement that got no answer in its time; whether it took effect is unknown. */
export class DeadlineExceeded extends Error {
  constructor(milliseconds: number) {
    super(`The database did not answer within ${milliseconds} ms`);
    this.name = "DeadlineExceeded";
  }
}

/** A connection that is gone before the statement could be sent. */
export class ConnectionLost extends Error {
  readonly code = "CONNECTION_LOST";

  constructor() {
    super("The connection to the database is gone");
    this.name = "ConnectionLost";
  }
}

/** Whether PostgreSQL answered with an error and keeps the connection: anything else says that it may be gone. */
export function isAnswer(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.severity === "ERROR";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/**
 * Whether the statement was refused for what it says: it took no effect, and would be refused again. Also where it could not even be
 * written out, because it is longer than a string can be.
 */
export function isRefused(error: unknown): boolean {
  if (error instanceof RangeError) return true;
  return error instanceof postgres.PostgresError && !passing.test(error.code);
}

/** Whether the cause is a lost or refused connection, a restart, a failover, a lock or a deadline. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DeadlineExceeded) return true;
  return error instanceof postgres.PostgresError ? passing.test(error.code) : connection.test(codeOf(error));
}

/** Whether PostgreSQL undid the transaction so that another could go on: the same may go again, and nothing of it has happened. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === "40P01";
}

/** Whether PostgreSQL said nothing for the whole of a deadline: whoever asks next would wait in vain as well. */
export function isSilence(error: unknown): boolean {
  return error instanceof DeadlineExceeded;
}

/** Whether a row met no partition: its day has not been made yet. */
export function isMissingPartition(error: unknown): boolean {
  return error instanceof postgres.PostgresError && error.code === "23514" && error.message.includes("no partition");
}

/** What a caller is told: passing failures are a 503, anything else stays what it is. */
export function toCallerError(error: unknown): unknown {
  if (!isPassing(error)) return error;
  return unavailable(
    "The database cannot be reached at the moment. Whether a write took effect may be unknown.",
    error,
  );
}
