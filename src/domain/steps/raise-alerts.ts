/** What alerts come to: kept in the watch, written as notifications, and made into deliveries by whoever asks. */
import { type DefinitionWatch, type Judged, judge, type Notice } from "../../model/definition-watch.ts";
import type { AlertNews } from "../../model/delivery.ts";
import { formatJobId, parseJobId } from "../../model/job-id.ts";
import { noticeEnd, noticeOccurrence } from "../../model/notice-alerts.ts";
import type { AlertRule } from "../../model/telling.ts";
import type { Clock } from "../../runtime/clock.ts";
import { lockWatches } from "../../store/alerts/lock-watches.ts";
import { saveWatch } from "../../store/alerts/save-watch.ts";
import { insertAlerts } from "../../store/notifications/insert-alerts.ts";
import type { EndedJob } from "../../store/outbox/find-ended-jobs.ts";
import type { NewDelivery } from "../../store/outbox/insert-deliveries.ts";
import type { Happening } from "../../store/outbox/take-happenings.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import type { NewNotification } from "../tell-changes.ts";
import { deliveriesOfAlert } from "./new-deliveries.ts";

/** An alert that is to be told now. */
export interface RaisedAlert {
  readonly watch: DefinitionWatch;
  readonly rule: AlertRule;
  readonly alert: AlertNews;
}

/** What alerts come to, besides their notifications, which stand written. */
export interface ToldAlerts {
  readonly deliveries: readonly NewDelivery[];
  /** To be told to live readers once it is committed. */
  readonly notifications: readonly NewNotification[];
}

/** Lets the alerts of definitions see what has happened, in its order. */
export async function alertsOf(
  context: Context,
  sql: Sql,
  happenings: readonly Happening[],
  jobs: ReadonlyMap<string, EndedJob>,
): Promise<ToldAlerts> {
  const ids = new Set(happenings.flatMap((one) => definitionIdOf(one, jobs) ?? []));
  if (ids.size === 0) return { deliveries: [], notifications: [] };
  const { watches, now } = await lockWatches(sql, [...ids].sort());
  const known = new Map(watches.map((watch) => [watch.definitionId, watch]));
  const raised: RaisedAlert[] = [];
  for (const happening of happenings) {
    const watch = known.get(definitionIdOf(happening, jobs) ?? "");
    if (!watch) continue;
    const seen = see(watch, happening, jobs);
    known.set(watch.definitionId, judgeAll(seen.watch, seen.notices, now, raised));
  }
  for (const watch of watches) {
    const after = known.get(watch.definitionId);
    if (after && after !== watch) await saveWatch(sql, after);
  }
  return tellAlerts(context, sql, raised);
}

function definitionIdOf(happening: Happening, jobs: ReadonlyMap<string, EndedJob>): string | null {
  if (happening.kind !== "jobEnded") return happening.definitionId;
  const definition = jobs.get(happening.jobId ?? "")?.definition;
  return definition && (definition.options.alerts ?? []).length > 0 ? definition.id : null;
}

function see(
  watch: DefinitionWatch,
  happening: Happening,
  jobs: ReadonlyMap<string, EndedJob>,
): { watch: DefinitionWatch; notices: Notice[] } {
  const { kind, at, jobDay: day, jobId: id, facts } = happening;
  if (kind !== "jobEnded") {
    const { scheduledFor, from = scheduledFor, count, reason, lateMs } = facts ?? {};
    const occurrence = {
      outcome: kind,
      scheduledFor: new Date(String(scheduledFor)).toISOString(),
      from: new Date(String(from)).toISOString(),
      count: typeof count === "number" ? count : 1,
      reason: typeof reason === "string" ? reason : null,
      lateMs: typeof lateMs === "number" ? lateMs : null,
      jobId: day !== null && id !== null ? formatJobId({ day, id }) : null,
      at,
    };
    return { watch, notices: noticeOccurrence(watch, occurrence) };
  }
  const job = jobs.get(id ?? "");
  if (!job) return { watch, notices: [] };
  return noticeEnd(watch, {
    jobId: formatJobId(job),
    status: job.status,
    code: job.error?.code ?? null,
    message: job.error?.message ?? null,
    finishedAt: job.finished_at,
    ranMs: job.run_started_at && job.finished_at.getTime() - job.run_started_at.getTime(),
  });
}

/** Judges each notice; what is to be told is added to `raised`. @returns the watch after all of them */
export function judgeAll(
  watch: DefinitionWatch,
  notices: readonly Notice[],
  now: Date,
  raised: RaisedAlert[],
): DefinitionWatch {
  let known = watch;
  for (const notice of notices) known = take(judge(known, notice, now), notice.rule, raised);
  return known;
}

/** Adds an alert, if there is one, to those that are told. @returns the watch after it */
export function take({ watch, alert }: Judged, rule: AlertRule, raised: RaisedAlert[]): DefinitionWatch {
  if (alert) raised.push({ watch, rule, alert });
  return watch;
}

/** Writes the notifications of alerts. */
export async function tellAlerts(context: Context, sql: Sql, raised: readonly RaisedAlert[]): Promise<ToldAlerts> {
  const { clock } = context;
  const shown = raised.filter(({ rule }) => rule.by.includes("notification"));
  const rows = shown.map(({ watch: { customerCode }, alert }) => ({
    customerCode,
    notificationId: clock.newId(),
    alert,
  }));
  if (rows.length > 0) await insertAlerts(sql, rows);
  const notifications = rows.map(({ customerCode, notificationId, alert: { jobId, jobDefinitionCode } }) => ({
    customerCode,
    notificationId,
    kind: "alert" as const,
    jobId,
    jobDefinitionCode,
  }));
  return { deliveries: deliveriesOf(clock, raised), notifications };
}

function deliveriesOf(clock: Clock, raised: readonly RaisedAlert[]): NewDelivery[] {
  return raised.flatMap(({ watch, rule, alert }) => {
    const key = alert.jobId === null ? undefined : parseJobId(alert.jobId);
    const subject = {
      customerCode: watch.customerCode,
      jobDefinitionCode: watch.jobDefinitionCode,
      jobDay: key?.day ?? null,
      jobId: key?.id ?? null,
    };
    return deliveriesOfAlert(clock, subject, alert, { ...watch, ways: rule.by });
  });
}
