import { type ChildRequest, deepestChild, mostChildren } from "../model/child-job.ts";
import type { NewJob } from "../model/job.ts";
import { JobError } from "../model/job-errors.ts";
import type { JobKey } from "../model/job-id.ts";
import type { QueueState } from "../model/job-state.ts";
import { adoptChild } from "../store/jobs/adopt-child.ts";
import { failSelfBlocked } from "../store/jobs/fail-self-blocked.ts";
import { findChild } from "../store/jobs/find-child.ts";
import { insertJobs } from "../store/jobs/insert-jobs.ts";
import { lockParent } from "../store/jobs/lock-parent.ts";
import type { Sql } from "../store/sql.ts";
import type { ClaimedJob } from "./claim-jobs.ts";
import type { Context } from "./context.ts";
import { announceEnded, type EndedJob } from "./steps/announce-ended.ts";
import { childRefused, newChild } from "./steps/new-child.ts";
import { selfBlockedJson } from "./steps/self-blocked.ts";
import { withJobDays } from "./steps/with-job-days.ts";
import { tellNewJob } from "./tell-changes.ts";

/** About as long as a node's lease: after that the parent may run elsewhere. */
const writeForMs = 25_000;

type Made = JobKey &
  (
    | { readonly begins: "before" }
    | { readonly begins: "inQueue"; readonly state: QueueState }
    | { readonly begins: "failed"; readonly ended: EndedJob }
  );

/**
 * Starts the child of a step while this node holds the parent's claim; a step that has one already keeps it. While the database is
 * away it is tried again and again, which the step makes safe.
 *
 * A child that its ancestors would hold up for ever has failed, with SELF_BLOCKED, when this answers.
 *
 * @throws JobError CHILD_REFUSED; CANCELLED where the parent is to stop
 */
export async function startChild(
  context: Context,
  parent: ClaimedJob,
  step: string,
  request: ChildRequest,
): Promise<JobKey> {
  const { database, metrics, events, admitter } = context;
  const job = await newChild(context, parent, step, request);
  const write = () => database.transaction((sql) => insertChild(sql, parent, step, job));
  const made = await database.repeatable(() => withJobDays(database, write), writeForMs);
  const { day, id } = made;
  if (made.begins === "before") return { day, id };
  metrics.jobsCreated(job.customerCode, job.jobType);
  if (made.begins === "failed") {
    await announceEnded(context, [made.ended]);
    return { day, id };
  }
  events.emit("jobsReady");
  events.emit("jobsCreated");
  const { customerCode, definition, concurrencyKey } = job;
  tellNewJob(context.changes, job, made);
  if (made.state === "blocked")
    admitter.admit([{ customerCode, definitionId: definition?.id ?? null, concurrencyKey }]);
  return { day, id };
}

async function insertChild(sql: Sql, parent: ClaimedJob, step: string, job: NewJob): Promise<Made> {
  const locked = await lockParent(sql, parent.id, parent.claim);
  if (!locked) throw new Error("The job was taken from this node; it runs elsewhere.");
  if (locked.cancelled) throw new JobError("CANCELLED", "The job was cancelled; it starts no more children.");
  const { child, children } = await findChild(sql, parent, step);
  if (child) return { ...child, begins: "before" };
  if (children >= mostChildren) throw childRefused(step, `the job has ${mostChildren} children, which is the most.`);
  if (locked.depth >= deepestChild) {
    throw childRefused(
      step,
      `it would be ${deepestChild + 1} levels below the first job; ${deepestChild} is the most.`,
    );
  }
  const [made] = await insertJobs(sql, [job]);
  if (!made) throw new Error(`job ${job.id} was not written`);
  const { day, id, state } = made;
  await adoptChild(sql, job.customerCode, { day: parent.day, id: parent.id, depth: locked.depth }, step, made);
  const [stuck] = await failSelfBlocked(sql, [id], selfBlockedJson);
  if (stuck) return { day, id, begins: "failed", ended: stuck };
  return { day, id, begins: "inQueue", state };
}
