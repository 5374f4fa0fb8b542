/**
 * `ctx.jobs` of one run.
 *
 * Invariants: while the run holds its job's claim nobody else starts children of it, so what is known here of the steps stays true;
 * that a child has ended stays true as well. Once the run is aborted every call rejects with the reason.
 */
import type { ClaimedJob } from "../domain/claim-jobs.ts";
import type { Child, Children } from "../domain/read-children.ts";
import type { ChildJobs, ChildOutcome, ChildRequest } from "../job-types/contract.ts";
import { longestStep, mostChildren } from "../model/child-job.ts";
import type { JsonText } from "../model/job.ts";
import { JobError } from "../model/job-errors.ts";
import { formatJobId } from "../model/job-id.ts";
import type { StopSignal } from "../model/stop-signal.ts";
import { storableText } from "../model/storable-json.ts";
import { boundedJson } from "./measure-json.ts";
import { describe, handled, misuse, type Suspend } from "./waiting.ts";

/** As large as the body of a request may be. */
const largestRequest = 1024 * 1024;
/** Outcomes that are read at a time. */
const readAtOnce = 8;

/** Makes them. @param holdsSecret whether JSON holds a secret of the run */
export function createChildJobs(
  job: ClaimedJob,
  children: Children,
  suspend: Suspend,
  signal: Pick<StopSignal, "throwIfAborted">,
  holdsSecret: (json: JsonText) => boolean,
): ChildJobs {
  let known: Map<string, Child> | undefined;

  async function look(): Promise<Map<string, Child>> {
    const listed = new Map((await children.list(job)).map((child) => [child.step, child]));
    // A step that has been started meanwhile may be missing from what was read before.
    known = new Map([...(known ?? []), ...listed]);
    signal.throwIfAborted();
    return known;
  }

  async function start(step: string, request: ChildRequest): Promise<{ jobId: string }> {
    signal.throwIfAborted();
    requireStep(step);
    const before = (known ?? (await look())).get(step);
    if (before) return { jobId: formatJobId(before) };
    const { day, id } = await children.start(job, step, plainRequest(step, request, holdsSecret));
    known?.set(step, { step, day, id, status: "STARTED" });
    signal.throwIfAborted();
    return { jobId: formatJobId({ day, id }) };
  }

  async function awaitAll(steps: readonly string[]): Promise<readonly ChildOutcome[]> {
    signal.throwIfAborted();
    if (!Array.isArray(steps) || steps.length > mostChildren)
      throw misuse("awaitAll needs an array of up to 1,000 steps.");
    for (const step of steps) requireStep(step);
    const found = known ?? (await look());
    const isOpen = (step: string) => found.get(step)?.status === "STARTED" || !found.has(step);
    const now = steps.some(isOpen) ? await look() : found;
    const wanted = steps.map((step) => now.get(step) ?? missing(step));
    const open = wanted.filter((child) => child.status === "STARTED");
    if (open.length > 0) return suspend({ awaits: [...new Set(open.map((child) => child.id))] });
    return readAll(wanted);
  }

  async function readAll(wanted: readonly Child[]): Promise<ChildOutcome[]> {
    const outcomes: ChildOutcome[] = [];
    for (let from = 0; from < wanted.length; from += readAtOnce) {
      outcomes.push(...(await Promise.all(wanted.slice(from, from + readAtOnce).map(read))));
      signal.throwIfAborted();
    }
    return outcomes;
  }

  async function read(child: Child): Promise<ChildOutcome> {
    const outcome = await children.read(job, child);
    if (outcome) return outcome;
    throw new JobError(
      "CHILD_REFUSED",
      `Step ${JSON.stringify(child.step)}: the record of its job ${formatJobId(child)} is gone: it ended longer ago than jobs are kept.`,
      { details: { step: child.step } },
    );
  }

  async function awaitOne(step: string, request: ChildRequest | undefined): Promise<ChildOutcome> {
    if (request !== undefined) await start(step, request);
    const [outcome] = await awaitAll([step]);
    return outcome ?? missing(step);
  }

  return {
    start: (step, request) => handled(start(step, request)),
    await: (step, request) => handled(awaitOne(step, request)),
    awaitAll: (steps) => handled(awaitAll(steps)),
  };
}

function missing(step: string): never {
  throw new JobError(
    "CHILD_REFUSED",
    `Step ${JSON.stringify(step)}: it has no job; start it first, or give await a request.`,
    { details: { step } },
  );
}

function requireStep(step: unknown): void {
  const isStep = typeof step === "string" && step.length >= 1 && step.length <= longestStep;
  if (isStep && storableText(step) === step) return;
  throw misuse(
    `A step is a text of 1–${longestStep} characters without U+0000 and lone surrogates, not ${describe(step)}.`,
  );
}

/** The request as plain JSON: job code may give anything at all, and change it afterwards. */
function plainRequest(step: string, request: ChildRequest, holdsSecret: (json: JsonText) => boolean): ChildRequest {
  const refused = (reason: string) =>
    new JobError("CHILD_REFUSED", `Step ${JSON.stringify(step)}: ${reason}`, { details: { step } });
  let plain: unknown;
  try {
    plain = JSON.parse(boundedJson(request, largestRequest));
  } catch (error) {
    throw refused(`its request cannot be stored: ${error instanceof Error ? error.message : describe(error)}`);
  }
  if (holdsSecret(JSON.stringify([step, plain]))) {
    // Params are stored and read as they are.
    throw refused("its request holds the value of a secret; have the child's definition refer to the secret instead.");
  }
  if (!isRequest(plain)) {
    throw refused(
      "its request needs either a jobDefinitionCode or a jobType, and params and options that are objects.",
    );
  }
  return plain;
}

function isRequest(plain: unknown): plain is ChildRequest {
  if (!isObject(plain)) return false;
  const { jobDefinitionCode: code, jobType, params = {}, options = {} } = plain;
  const named = [code, jobType].filter((one) => one !== undefined);
  return named.length === 1 && typeof named[0] === "string" && isObject(params) && isObject(options);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
