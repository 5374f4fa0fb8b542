import type { ClaimedJob } from "../domain/claim-jobs.ts";
import type { StateKeeper } from "../domain/keep-state.ts";
import type { Children } from "../domain/read-children.ts";
import type { ChildJobs, JobContext, JobFiles } from "../job-types/contract.ts";
import { JobError } from "../model/job-errors.ts";
import type { InspectedFetch } from "../model/outgoing-request.ts";
import type { InspectedSftp } from "../model/outgoing-sftp.ts";
import { fillPlaceholders, mayHoldPlaceholder, secretReferences } from "../model/placeholders.ts";
import type { StopSignal } from "../model/stop-signal.ts";
import { createChildJobs } from "./child-jobs.ts";
import { createSecretGuard } from "./guard-secrets.ts";
import type { RunnableCatalogue, RunnableJobType } from "./job-type-catalogue.ts";
import type { RunAbort } from "./run-abort.ts";
import { createRunFetch, createRunSftp } from "./run-fetch.ts";
import { type AttemptOutcome, completed, failed } from "./run-outcome.ts";
import { createContextSecrets, type ReadSecrets, type RunSecrets } from "./run-secrets.ts";
import { createSleepUntil, createSuspend, Suspension } from "./waiting.ts";

/** What a run needs of its node. */
export interface AttemptTools {
  readonly jobTypes: RunnableCatalogue;
  readonly fetch: InspectedFetch;
  readonly openSftp: InspectedSftp;
  readonly readSecrets: ReadSecrets;
  readonly states: StateKeeper;
  readonly children: Children;
  /** The files of a job's customer, until the signal. */
  files(job: ClaimedJob, signal: AbortSignal, progress: JobContext["progress"]): JobFiles;
  /** Evaluates a customer's expression. @throws JobError EXPRESSION_FAILED; the reason of `signal` */
  evaluate(customerCode: string, expression: string, inputJson: string, signal: AbortSignal): Promise<unknown>;
  /** Now, by the database's clock, in milliseconds. */
  now(): number;
  /** How long a run that has been aborted may take to notice. */
  readonly abortGraceMs: number;
  /** The largest result, in bytes of JSON. */
  readonly maxResultBytes: number;
}

/**
 * Runs one attempt of a job, from its stored params to an outcome that can be written. Never throws.
 *
 * @param abort aborted from outside on cancel and stop; from inside when the time limit is over, and when the run is: whatever
 *   it has left behind may stop, and reaches nothing any more
 * @param secrets none yet; the same that hide what `report` writes
 */
export async function runAttempt(
  job: ClaimedJob,
  tools: AttemptTools,
  abort: RunAbort,
  report: Pick<JobContext, "log" | "progress">,
  secrets: RunSecrets,
): Promise<AttemptOutcome> {
  const { timeoutSeconds } = job.options;
  const timeout = setTimeout(
    () => abort.abort(new JobError("TIMED_OUT", `The attempt took longer than timeoutSeconds, ${timeoutSeconds} s.`)),
    // The runs of an attempt that has waited share its time.
    Math.max(0, timeoutSeconds * 1000 - job.ranMs),
  );
  try {
    const type = findType(job, tools);
    const running = run(type, job, tools, secrets, contextOf(job, tools, abort, report, secrets), abort);
    const result = await untilGraceEnds(running, abort, tools.abortGraceMs);
    return suspensionOf(abort) ?? (await completed(result, tools.maxResultBytes, secrets.mask));
  } catch (error) {
    return suspensionOf(abort) ?? (await failed(abort.aborted ? reasonOf(abort, error) : error, secrets.mask));
  } finally {
    clearTimeout(timeout);
    abort.abort(runIsOver);
  }
}

/** One for all: a stack would tell nothing. */
const runIsOver = new Error("The run is over.");

/** A run that is to wait has not ended, whatever it has returned or thrown since. */
function suspensionOf({ reason }: StopSignal): AttemptOutcome | undefined {
  return reason instanceof Suspension ? { status: "SUSPENDED", wait: reason.wait } : undefined;
}

/**
 * Whatever a run throws once it has been aborted, the reason for that is what failed it. A run may tell more about it, in an
 * error of the same code that names the reason as its cause.
 */
function reasonOf({ reason }: StopSignal, error: unknown): unknown {
  try {
    const tellsMore = error instanceof JobError && error.cause === reason && reason instanceof JobError;
    return tellsMore && error.code === reason.code ? error : reason;
  } catch {
    // It refuses to be asked what it is.
    return reason;
  }
}

function findType(job: ClaimedJob, tools: AttemptTools): RunnableJobType {
  const type = tools.jobTypes.find(job.jobType);
  if (type) return type;
  throw new JobError("JOB_TYPE_NOT_FOUND", `This node does not know the job type ${job.jobType}.`);
}

async function fillParams(
  job: ClaimedJob,
  tools: AttemptTools,
  secrets: RunSecrets,
): Promise<Readonly<Record<string, unknown>>> {
  const known = await secrets.read([...secretReferences(job.params)], tools.readSecrets, job.customerCode);
  const values = {
    jobId: job.jobId,
    scheduledFor: job.trigger.scheduledFor?.toISOString() ?? "",
    attempt: job.attempt,
    now: new Date(tools.now()),
  };
  return fillPlaceholders(job.params, values, (code) => known.get(code) ?? "");
}

/** What most runs never look at is made when they do. */
function contextOf(
  job: ClaimedJob,
  tools: AttemptTools,
  abort: RunAbort,
  report: Pick<JobContext, "log" | "progress">,
  secrets: RunSecrets,
): JobContext {
  const suspend = createSuspend(job, abort);
  const inspect = createSecretGuard(secrets, job.params);
  let files: JobFiles | undefined;
  let jobs: ChildJobs | undefined;
  return {
    job: {
      id: job.jobId,
      customerCode: job.customerCode,
      jobType: job.jobType,
      jobDefinitionCode: job.jobDefinitionCode,
      scheduledFor: job.trigger.scheduledFor?.toISOString() ?? null,
      createdAt: job.createdAt.toISOString(),
    },
    attempt: job.attempt,
    maxAttempts: job.options.retry.maxAttempts,
    get signal() {
      return abort.signal;
    },
    fetch: createRunFetch(tools.fetch, inspect, abort),
    sftp: createRunSftp((login) => tools.openSftp(login, inspect), abort),
    secrets: createContextSecrets(secrets, tools.readSecrets, job.customerCode),
    get files() {
      files ??= tools.files(job, abort.signal, (done, total, message) => report.progress(done, total, message));
      return files;
    },
    evaluate: (expression, inputJson) => tools.evaluate(job.customerCode, expression, inputJson, abort.signal),
    clock: { now: () => new Date(tools.now()) },
    get jobs() {
      jobs ??= createChildJobs(job, tools.children, suspend, abort, secrets.holds);
      return jobs;
    },
    state: tools.states.read(job, job.state),
    sleepUntil: createSleepUntil(job, suspend, tools.now, (state) =>
      tools.states.write(job, state, secrets.holds(state) ? "secret" : "none"),
    ),
    get log() {
      return report.log;
    },
    get progress() {
      return report.progress;
    },
  };
}

/** Also a type that was written in JavaScript and returns no promise, or throws before it has one. */
async function run(
  type: RunnableJobType,
  job: ClaimedJob,
  tools: AttemptTools,
  secrets: RunSecrets,
  ctx: JobContext,
  abort: RunAbort,
): Promise<unknown> {
  const params = mayHoldPlaceholder(job.params) ? await fillParams(job, tools, secrets) : { ...job.params };
  const errors = type.checkParams(params, "filledIn");
  const [first] = errors;
  if (first) throw new JobError("INVALID_PARAMS", `${first.path}: ${first.message}`, { details: { errors } });
  abort.throwIfAborted();
  return type.run(ctx, params);
}

/** A run that ignores its signal is dropped when the grace is over: its slot is needed. */
function untilGraceEnds(run: Promise<unknown>, abort: StopSignal, graceMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const aborted = () => {
      grace = setTimeout(() => reject(abort.reason), graceMs);
    };
    const ended = () => {
      clearTimeout(grace);
      abort.removeEventListener("abort", aborted);
    };
    if (abort.aborted) aborted();
    else abort.addEventListener("abort", aborted);
    run.then(
      (result) => {
        ended();
        resolve(result);
      },
      (error: unknown) => {
        ended();
        reject(error);
      },
    );
  });
}
