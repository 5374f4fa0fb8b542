import {
  listCustomerOccurrences,
  listDefinitionOccurrences,
  type OccurrencePage,
  type OccurrenceQuery,
} from "../../domain/list-occurrences.ts";
import type { OccurrenceKey } from "../../model/occurrence.ts";
import { JobDefinitionPath } from "../../schemas/job-definitions.ts";
import {
  CustomerOccurrenceList,
  OccurrenceQuery as GivenQuery,
  OccurrenceList,
  type OccurrenceQueryText,
} from "../../schemas/occurrences.ts";
import { readCursor, writeCursor } from "../cursor.ts";
import { presentCustomerOccurrence, presentOccurrence } from "../present-occurrence.ts";
import { ok, problems, route } from "../route.ts";

const ofDefinition = "occurrences";
const ofCustomer = "customerOccurrences";
/** No schedule goes on for longer. */
const latest = Date.UTC(3000, 0, 1);
const keyPattern = "^[0-9]{1,15} [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12} [01]$";

/** For people who ask what a schedule did, what it did not, why, and what it will do. */
export const listDefinitionOccurrencesRoute = route({
  method: "GET",
  url: "/job-definitions/:jobDefinitionCode/occurrences",
  role: "viewer",
  summary: "List what came of the occurrences of a schedule, and those to come",
  description:
    "In the order of time, from the ledger and, as `expected`, from the schedule. Consecutive occurrences without a job share an entry with `from`, `to` and `count`; those of it that were backfilled are told singly. With `outcome` a page may be short, or empty, and have a `nextCursor` all the same: a request looks at a bounded part of the ledger.",
  params: JobDefinitionPath,
  query: GivenQuery,
  answers: { 200: OccurrenceList, ...problems("NOT_FOUND") },
  async handle({ actor, params, query, context }) {
    const wanted = readOccurrenceQuery(ofDefinition, query);
    const page = await listDefinitionOccurrences(context, actor, params.jobDefinitionCode, wanted);
    return ok({
      occurrences: page.occurrences.map(presentOccurrence),
      nextCursor: cursorOf(ofDefinition, page),
    });
  },
});

/** For a calendar of everything that is scheduled. */
export const listCustomerOccurrencesRoute = route({
  method: "GET",
  url: "/occurrences",
  role: "viewer",
  summary: "List the occurrences of all schedules",
  description:
    "As of one definition, each with its `jobDefinitionCode`. What is to come is told of the 1,000 schedules that fire soonest; where there are more, `expectedUntil` says up to when that is all of it.",
  query: GivenQuery,
  answers: { 200: CustomerOccurrenceList },
  async handle({ actor, query, context }) {
    const page = await listCustomerOccurrences(context, actor, readOccurrenceQuery(ofCustomer, query));
    return ok({
      occurrences: page.occurrences.map(presentCustomerOccurrence),
      nextCursor: cursorOf(ofCustomer, page),
      expectedUntil: page.expectedUntil,
    });
  },
});

function readOccurrenceQuery(list: string, query: OccurrenceQueryText): OccurrenceQuery {
  return {
    after: query.after === undefined ? undefined : new Date(query.after),
    before: query.before === undefined ? undefined : new Date(query.before),
    outcome: query.outcome,
    behind: readKey(list, query.cursor),
    limit: query.limit ?? 50,
  };
}

function readKey(list: string, cursor: string | undefined): OccurrenceKey | null {
  const text = readCursor(list, cursor, keyPattern);
  if (text === undefined) return null;
  const [at = "", definitionId = "", kind] = text.split(" ");
  return { at: Math.min(Number(at), latest), definitionId, kind: kind === "0" ? 0 : 1 };
}

function cursorOf(list: string, { next }: OccurrencePage): string | null {
  return next && writeCursor(list, `${next.at} ${next.definitionId} ${next.kind}`);
}
