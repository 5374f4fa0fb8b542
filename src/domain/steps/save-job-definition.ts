/** The steps that creating, changing, replacing and deleting a definition share. */
import type { Actor } from "../../model/actor.ts";
import { ApiError, invalid } from "../../model/api-errors.ts";
import type { JoblessRange } from "../../model/firing/account.ts";
import type { JobDefinition, JobDefinitionContent } from "../../model/job-definition.ts";
import { lockAdmission } from "../../store/customers/lock-admission.ts";
import { deleteOldContents } from "../../store/definition-contents/delete-old-contents.ts";
import { insertContent } from "../../store/definition-contents/insert-content.ts";
import { findDefinition } from "../../store/job-definitions/find-definition.ts";
import { insertDefinition } from "../../store/job-definitions/insert-definition.ts";
import { lockDefinition } from "../../store/job-definitions/lock-definition.ts";
import { updateDefinition } from "../../store/job-definitions/update-definition.ts";
import { limitJobs } from "../../store/jobs/limit-jobs.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import type { GivenDefinition } from "./definition-content.ts";
import { recordAudit } from "./record-audit.ts";
import { requireSigners } from "./require-signers.ts";
import { beginSchedule, reschedule } from "./reschedule.ts";

/** The versions that `If-Match` allows; `any`: it must exist; null: no condition. */
export type IfMatch = readonly number[] | "any" | null;

/** What is kept of a definition's saves, with the one that it is at: so many, and so many bytes as they are stored. */
const mostContents = { contents: 100, bytes: 4 * 1024 * 1024 };

/** Writes a new definition and its audit event. @returns undefined where the code is taken */
export async function insertNew(
  context: Context,
  sql: Sql,
  actor: Actor,
  content: JobDefinitionContent,
): Promise<JobDefinition | undefined> {
  await requireSigners(sql, actor.customerCode, content.options.webhooks ?? []);
  const definitionId = context.clock.newId();
  if (!(await insertDefinition(sql, actor.customerCode, definitionId, content, actor.email))) return undefined;
  await keepContent(sql, actor, definitionId, 1, content);
  if (content.schedule) await beginSchedule(sql, actor.customerCode, definitionId, content.schedule);
  await recordAudit(sql, context.clock, actor, "jobDefinition.create", content.jobDefinitionCode);
  return findDefinition(sql, actor.customerCode, content.jobDefinitionCode);
}

/**
 * Writes the content of a locked definition, raises its version, and audits it.
 *
 * @returns also what was skipped of a schedule that it had, to be counted after the commit
 */
export async function replace(
  context: Context,
  sql: Sql,
  actor: Actor,
  before: JobDefinition,
  content: JobDefinitionContent,
): Promise<{ definition: JobDefinition; skipped: readonly JoblessRange[] }> {
  await requireSigners(sql, actor.customerCode, content.options.webhooks ?? []);
  const skipped = await reschedule(context, sql, actor.customerCode, before, content.schedule);
  // Before the limit is written: an admission that counts by the old one has then been committed, and is seen below.
  await lockAdmission(sql, [actor.customerCode]);
  await updateDefinition(sql, before.id, content, actor.email);
  const most = content.options.maxConcurrent ?? null;
  if (most !== null && most !== (before.options.maxConcurrent ?? null)) {
    await limitJobs(sql, actor.customerCode, { definitionId: before.id, jobType: null });
  }
  const version = before.version + 1;
  await keepContent(sql, actor, before.id, version, content);
  await recordAudit(sql, context.clock, actor, "jobDefinition.update", before.jobDefinitionCode, { version });
  return { definition: await findChanged(sql, actor, before.jobDefinitionCode), skipped };
}

async function keepContent(
  sql: Sql,
  actor: Actor,
  definitionId: string,
  version: number,
  { jobDefinitionCode: _code, ...content }: JobDefinitionContent,
): Promise<void> {
  await insertContent(sql, definitionId, version, content, actor.email);
  if (version > 1) await deleteOldContents(sql, definitionId, mostContents);
}

/** Lets through, once an edit or a deletion is committed, what another limit, or overlap rule, than before allows. */
export function admitDefinition(context: Context, actor: Actor, definitionId: string): void {
  context.admitter.admit([{ customerCode: actor.customerCode, definitionId, concurrencyKey: null }]);
  context.holds.look(definitionId);
}

/** Locks, then reads in a statement of its own, which sees what the lock waited for. */
export async function findLocked(sql: Sql, actor: Actor, code: string): Promise<JobDefinition | undefined> {
  if (!(await lockDefinition(sql, actor.customerCode, code))) return undefined;
  return findDefinition(sql, actor.customerCode, code);
}

/** Reads a locked definition again, once it has been changed. */
export async function findChanged(sql: Sql, actor: Actor, code: string): Promise<JobDefinition> {
  const after = await findDefinition(sql, actor.customerCode, code);
  if (!after) throw new Error("a locked definition vanished");
  return after;
}

/** A code cannot be changed. @throws ApiError VALIDATION_FAILED where the body names another than the address */
export function requireSameCode(code: string, given: GivenDefinition): void {
  if (given.jobDefinitionCode === undefined || given.jobDefinitionCode === code) return;
  throw invalid([
    {
      path: "/jobDefinition/jobDefinitionCode",
      message: `must be ${code}, as in the address: a code cannot be changed`,
    },
  ]);
}

/**
 * Refuses to write over a version that the caller has not seen.
 *
 * @throws ApiError PRECONDITION_FAILED where `If-Match` names other versions
 */
export function requireMatch(before: JobDefinition, ifMatch: IfMatch): void {
  if (ifMatch === null || ifMatch === "any" || ifMatch.includes(before.version)) return;
  throw failedMatch(before.jobDefinitionCode, before.version);
}

/** 412; `version` is absent where there is no such definition. */
export function failedMatch(code: string, version?: number): ApiError {
  const now = version === undefined ? "it does not exist" : `it is at version ${version}`;
  return new ApiError("PRECONDITION_FAILED", `The job definition ${code} is not what If-Match names: ${now}.`);
}
