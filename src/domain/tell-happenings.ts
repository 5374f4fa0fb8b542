/**
 * Turns what has happened into what is sent: mails, webhook calls, alerts.
 *
 * Invariants: what has happened is taken out in the transaction that writes what is told of it, so it is told once, whatever
 * dies; one that cannot be told is put aside, and keeps nobody behind it; it is told in slices, so that whoever sends what comes of
 * it need not wait for the last.
 */
import { isPassing } from "../store/database-errors.ts";
import { deleteHappening } from "../store/outbox/delete-happening.ts";
import { findEndedJobs } from "../store/outbox/find-ended-jobs.ts";
import { insertDeliveries } from "../store/outbox/insert-deliveries.ts";
import { postponeHappening } from "../store/outbox/postpone-happening.ts";
import { type Happening, takeHappenings } from "../store/outbox/take-happenings.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { deliveriesOfEnd } from "./steps/new-deliveries.ts";
import { alertsOf } from "./steps/raise-alerts.ts";
import { type NewNotification, tellNotification } from "./tell-changes.ts";

const atOnce = 50;
const mostSlices = 20;
const mostTries = 10;
const postponeSeconds = 30;

/** Tells what has happened, a thousand things at most. @returns whether there may be more */
export async function tellHappenings(context: Context): Promise<"all" | "more"> {
  let limit = atOnce;
  for (let slice = 0; slice < mostSlices; slice += 1) {
    const taken = await tellSome(context, limit);
    if (taken === "failed") {
      // One of them cannot be told: one by one, it is found and put aside.
      limit = 1;
      continue;
    }
    if (taken < limit) return "all";
    if (limit === 1) limit = atOnce;
  }
  return "more";
}

async function tellSome(context: Context, limit: number): Promise<number | "failed"> {
  let happenings: Happening[] = [];
  try {
    const notifications = await context.database.transaction(async (sql) => {
      happenings = await takeHappenings(sql, limit);
      return happenings.length > 0 ? tell(context, sql, happenings) : [];
    });
    for (const one of notifications) tellNotification(context.changes, one);
    return happenings.length;
  } catch (error) {
    const [only] = happenings;
    if (isPassing(error) || !only) throw error;
    if (limit === 1) await putAside(context, only, error);
    return "failed";
  }
}

async function tell(context: Context, sql: Sql, happenings: readonly Happening[]): Promise<readonly NewNotification[]> {
  const keys = happenings.flatMap(({ customerCode, kind, jobDay: day, jobId: id }) =>
    kind === "jobEnded" && day !== null && id !== null ? [{ customerCode, day, id }] : [],
  );
  const jobs = new Map((keys.length > 0 ? await findEndedJobs(sql, keys) : []).map((job) => [job.id, job]));
  const ends = keys.flatMap(({ id }) => {
    const job = jobs.get(id);
    return job ? deliveriesOfEnd(context.clock, job) : [];
  });
  const alerts = await alertsOf(context, sql, happenings, jobs);
  const deliveries = [...ends, ...alerts.deliveries];
  if (deliveries.length > 0) await insertDeliveries(sql, deliveries);
  return alerts.notifications;
}

async function putAside(context: Context, { happeningId, kind, jobId }: Happening, error: unknown): Promise<void> {
  const { database, log } = context;
  const tries = await postponeHappening(database.sql, happeningId, postponeSeconds);
  if (tries === undefined || tries < mostTries) {
    log.error({ err: error, kind, jobId }, "an event could not be told; it is tried again");
    return;
  }
  log.error({ err: error, kind, jobId }, "an event could not be told, and is given up");
  await deleteHappening(database.sql, happeningId);
}
