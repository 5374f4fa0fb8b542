/**
 * Lists what came of occurrences, and those that are to come, in order.
 *
 * Invariants: a call reads a bounded number of rows of the ledger, whatever the window and the filter; where it stops before the
 * window's end it says where the next begins, so that a page may be short, or empty, and not be the last.
 */
import type { Actor } from "../model/actor.ts";
import { invalidOutsideBody, notFound } from "../model/api-errors.ts";
import {
  compareKeys,
  type ListedOccurrence,
  type OccurrenceKey,
  type OccurrenceOutcome,
  occurrenceKey,
} from "../model/occurrence.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import { readTime } from "../store/nodes/read-time.ts";
import { listBackfills } from "../store/occurrences/list-backfills.ts";
import { listCustomerSpans } from "../store/occurrences/list-customer-spans.ts";
import { listDefinitionSpans } from "../store/occurrences/list-definition-spans.ts";
import type { SpanRead, SpanWindow } from "../store/occurrences/occurrence-row.ts";
import { findComingSchedule } from "../store/schedules/find-coming-schedule.ts";
import { listSoonestSchedules } from "../store/schedules/list-soonest-schedules.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { expectOccurrences } from "./steps/expect-occurrences.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** What is wanted; bounds are exclusive. */
export interface OccurrenceQuery {
  readonly after: Date | undefined;
  readonly before: Date | undefined;
  readonly outcome: OccurrenceOutcome | undefined;
  /** What was told last; null at the beginning. */
  readonly behind: OccurrenceKey | null;
  readonly limit: number;
}

/** One page. */
export interface OccurrencePage {
  readonly occurrences: readonly ListedOccurrence[];
  /** Where the next page begins; null after the last. */
  readonly next: OccurrenceKey | null;
  /** Where too many schedules are to come: what is due from this time on is not told. */
  readonly expectedUntil: Date | null;
}

interface Window extends Omit<SpanWindow, "outcome"> {
  readonly outcome: OccurrenceOutcome | null;
}

const weekMs = 7 * 86_400_000;
/** The years that schedules know. */
const earliest = 0;
const latest = Date.UTC(3000, 0, 1);
/** An occurrence may be due so much later than its time. */
const mostJitterMs = 86_400_000;
/** Rows of the ledger that one request looks at where it wants those of one outcome. */
const mostLookedAt = 5_000;
/** Schedules of which one request tells what is to come. */
const mostSchedules = 1_000;

/** Lists the occurrences of one definition. @throws ApiError NOT_FOUND, VALIDATION_FAILED, UNAVAILABLE */
export async function listDefinitionOccurrences(
  context: Context,
  actor: Actor,
  code: string,
  query: OccurrenceQuery,
): Promise<OccurrencePage> {
  return readPatiently(context.database, async (sql) => {
    const definition = await findDefinition(sql, actor.customerCode, code);
    if (!definition) throw notFound("job definition", code);
    const window = await windowOf(sql, query);
    const settled = await readSettled(window, (spans) =>
      Promise.all([
        listDefinitionSpans(sql, definition, spans),
        listBackfills(sql, actor.customerCode, definition.id, spans),
      ]),
    );
    const coming = wantsExpected(window) ? await findComingSchedule(sql, definition.id) : undefined;
    const expected = await expectOccurrences(context, coming ? [coming] : [], {
      ...window,
      limit: query.limit + 1,
      dueBefore: Infinity,
    });
    return pageOf([...settled, { spans: expected.occurrences, stoppedAt: expected.stoppedAt }], query.limit, null);
  });
}

/** Lists the occurrences of all definitions of the customer. @throws ApiError VALIDATION_FAILED, UNAVAILABLE */
export async function listCustomerOccurrences(
  context: Context,
  actor: Actor,
  query: OccurrenceQuery,
): Promise<OccurrencePage> {
  return readPatiently(context.database, async (sql) => {
    const window = await windowOf(sql, query);
    const { customerCode } = actor;
    const settled = await readSettled(window, (spans) =>
      Promise.all([listCustomerSpans(sql, customerCode, spans), listBackfills(sql, customerCode, null, spans)]),
    );
    const found = wantsExpected(window)
      ? await listSoonestSchedules(sql, customerCode, new Date(window.before + mostJitterMs), mostSchedules + 1)
      : [];
    const beyond = found[mostSchedules]?.nextFireAt ?? null;
    const expected = await expectOccurrences(context, found.slice(0, mostSchedules), {
      ...window,
      limit: query.limit + 1,
      dueBefore: beyond?.getTime() ?? Infinity,
    });
    const isCut = beyond !== null && beyond.getTime() < window.before;
    const all = [...settled, { spans: expected.occurrences, stoppedAt: expected.stoppedAt }];
    return pageOf(all, query.limit, isCut ? beyond : null);
  });
}

async function windowOf(sql: Sql, query: OccurrenceQuery): Promise<Window> {
  const after = query.after?.getTime();
  const before = query.before?.getTime();
  if (after !== undefined && before !== undefined && after >= before) {
    throw invalidOutsideBody([{ path: "/after", message: "query parameter after: must lie before `before`" }]);
  }
  const now = (await readTime(sql))?.getTime() ?? 0;
  const { behind, outcome = null, limit } = query;
  return {
    after: bounded(after ?? Math.min(now, before ?? now) - weekMs),
    before: bounded(before ?? Math.max(now, after ?? now) + weekMs),
    outcome,
    behind,
    most: outcome === null ? limit + 1 : mostLookedAt,
  };
}

function bounded(time: number): number {
  return Math.min(latest, Math.max(earliest, time));
}

function wantsExpected({ outcome }: Window): boolean {
  return outcome === null || outcome === "expected";
}

async function readSettled(
  { outcome, ...window }: Window,
  read: (window: SpanWindow) => Promise<readonly SpanRead[]>,
): Promise<readonly SpanRead[]> {
  return outcome === "expected" ? [] : read({ ...window, outcome });
}

interface Part {
  readonly spans: readonly ListedOccurrence[];
  readonly stoppedAt: OccurrenceKey | null;
}

/** Puts together what was read here and there, up to where the first of the reads stopped. */
function pageOf(parts: readonly Part[], limit: number, expectedUntil: Date | null): OccurrencePage {
  const stops = parts.flatMap((part) => part.stoppedAt ?? []).sort(compareKeys);
  const stop = stops[0] ?? null;
  const all = parts
    .flatMap((part) => part.spans)
    .filter((one) => stop === null || compareKeys(occurrenceKey(one), stop) <= 0)
    .sort((a, b) => compareKeys(occurrenceKey(a), occurrenceKey(b)));
  const occurrences = all.slice(0, limit);
  const last = occurrences.at(-1);
  return { occurrences, next: all.length > limit && last ? occurrenceKey(last) : stop, expectedUntil };
}
