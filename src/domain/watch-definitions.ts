/**
 * Looks at the clock for definitions with alerts: no success in time, a run that takes long, alerts that were held back.
 *
 * Invariants: it needs no worker and no job, so it also notices that none runs; what is noticed is judged under the lock of the
 * definition's watch, so that of several nodes one tells it, once.
 */
import { type DefinitionWatch, forgetFormerRules, isOver, release, ruleName } from "../model/definition-watch.ts";
import { formatJobId } from "../model/job-id.ts";
import { noticeRun, noticeSilence, silentSince } from "../model/notice-alerts.ts";
import { beginWatches } from "../store/alerts/begin-watches.ts";
import { endWatches } from "../store/alerts/end-watches.ts";
import { findSuccessSince } from "../store/alerts/find-success-since.ts";
import { type LongRun, listLongRuns } from "../store/alerts/list-long-runs.ts";
import { listWatchedDefinitions, type WatchedDefinition } from "../store/alerts/list-watched-definitions.ts";
import { lockWatches } from "../store/alerts/lock-watches.ts";
import { restartWatches } from "../store/alerts/restart-watches.ts";
import { saveWatch } from "../store/alerts/save-watch.ts";
import { insertDeliveries } from "../store/outbox/insert-deliveries.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { judgeAll, type RaisedAlert, take, tellAlerts } from "./steps/raise-alerts.ts";
import { tellNotification } from "./tell-changes.ts";

const atOnce = 500;
const firstId = "00000000-0000-0000-0000-000000000000";

/** Looks once at all definitions that have alerts. */
export async function watchDefinitions(context: Context): Promise<void> {
  const { sql } = context.database;
  const runs = byDefinition(await listLongRuns(sql));
  for (let after = firstId; ; ) {
    const definitions = await listWatchedDefinitions(sql, after, atOnce);
    await beginAndRestart(sql, definitions);
    for (const definition of definitions) {
      const own = runs.get(definition.definitionId) ?? [];
      if (mayNotice(definition, own)) await look(context, definition, own);
    }
    const last = definitions.at(-1);
    if (!last || definitions.length < atOnce) break;
    after = last.definitionId;
  }
  await endWatches(sql);
}

function byDefinition(runs: readonly LongRun[]): Map<string, LongRun[]> {
  const found = new Map<string, LongRun[]>();
  for (const run of runs) found.set(run.definitionId, [...(found.get(run.definitionId) ?? []), run]);
  return found;
}

async function beginAndRestart(sql: Sql, definitions: readonly WatchedDefinition[]): Promise<void> {
  const unwatched = definitions.filter(({ watchedSince }) => watchedSince === null);
  if (unwatched.length > 0)
    await beginWatches(
      sql,
      unwatched.map((one) => one.definitionId),
    );
  const paused = definitions.filter((one) => one.paused);
  if (paused.length > 0)
    await restartWatches(
      sql,
      paused.map((one) => one.definitionId),
    );
}

/** A cheap look, without a lock: whether there may be something to tell. */
function mayNotice(definition: WatchedDefinition, runs: readonly LongRun[]): boolean {
  const { alerts, paused, watchedSince, lastSuccessAt, now } = definition;
  const told = new Map(Object.entries(definition.told ?? {}));
  const names = new Set(alerts.map(ruleName));
  if ([...told.keys()].some((name) => !names.has(name))) return true;
  const since = silentSince(watchedSince ?? now, lastSuccessAt);
  return alerts.some((rule) => {
    const { when, afterSeconds = 0 } = rule;
    const before = told.get(ruleName(rule));
    if (before?.holdsBack && isOver({ toldAt: new Date(before.toldAt) }, rule, now)) return true;
    const isNews = (subject: string) => !before?.subjects.includes(subject);
    if (when === "noSuccess") {
      return !paused && now.getTime() - since.getTime() > afterSeconds * 1000 && isNews(since.toISOString());
    }
    return when === "longRun" && runs.some((run) => run.ranMs > afterSeconds * 1000 && isNews(formatJobId(run)));
  });
}

async function look(context: Context, definition: WatchedDefinition, runs: readonly LongRun[]): Promise<void> {
  const told = await context.database.transaction(async (sql) => {
    const { watches, now } = await lockWatches(sql, [definition.definitionId]);
    const [watch] = watches;
    if (!watch) return [];
    const raised: RaisedAlert[] = [];
    const long = runs.flatMap((run) => noticeRun(watch, formatJobId(run), run.ranMs, now));
    const known = judgeAll(forgetFormerRules(watch), long, now, raised);
    const after = releaseAll(await judgeSilence(sql, definition, known, now, raised), now, raised);
    if (after !== watch) await saveWatch(sql, after);
    const { deliveries, notifications } = await tellAlerts(context, sql, raised);
    if (deliveries.length > 0) await insertDeliveries(sql, deliveries);
    return notifications;
  });
  for (const one of told) tellNotification(context.changes, one);
}

async function judgeSilence(
  sql: Sql,
  { paused }: WatchedDefinition,
  watch: DefinitionWatch,
  now: Date,
  raised: RaisedAlert[],
): Promise<DefinitionWatch> {
  const notices = paused ? [] : noticeSilence(watch, now);
  const [first] = notices;
  // A job that was made before the watch began, or whose end is still to be told, is a success all the same.
  if (!first) return watch;
  const success = await findSuccessSince(sql, watch.definitionId, new Date(first.subject));
  if (success !== null) return { ...watch, watchedSince: success };
  const judged = judgeAll(watch, notices, now, raised);
  return judged.silent ? judged : { ...judged, silent: true };
}

function releaseAll(watch: DefinitionWatch, now: Date, raised: RaisedAlert[]): DefinitionWatch {
  return watch.alerts.reduce((known, rule) => take(release(known, rule, now), rule, raised), watch);
}
