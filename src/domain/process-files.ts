/**
 * Works on the records of files, one file after another.
 *
 * States of a file here: listed → taken (no other job works on it) → worked on → committed; or passed over, where another job holds it or it is gone.
 * Invariants: all that is made of a file appears in one transaction with its move and a note of the outcome; a run that begins again takes up what is
 * noted and works on the rest, so that each file is worked on to its end once.
 */
import type { BucketFile } from "../model/bucket.ts";
import { isErrorsName } from "../model/file-name.ts";
import type { FileOutcome, FilesReport, FilesRequest } from "../model/file-params.ts";
import { JobError } from "../model/job-errors.ts";
import { listOutcomes } from "../store/files/list-outcomes.ts";
import type { ClaimedJob } from "./claim-jobs.ts";
import type { Context } from "./context.ts";
import { listJobFiles } from "./list-job-files.ts";
import { readJobFile } from "./read-job-file.ts";
import { commitFile } from "./steps/commit-file.ts";
import { createFileProgress } from "./steps/file-progress.ts";
import { readForJob, storageFault } from "./steps/job-storage.ts";
import { requireBuckets } from "./steps/require-buckets.ts";
import { takeForJob } from "./steps/take-for-job.ts";
import { type RunNames, requireMovable, workOnFile } from "./steps/work-on-file.ts";

const mostFiles = 10_000;
const mostListed = 200;

/** How a run hears that it is to end, and tells how far it is. */
export interface RunEar {
  readonly signal: AbortSignal;
  progress(done: number, total: number, message: string): void;
}

/**
 * Works on all files that a job is to work on.
 *
 * @throws JobError RECORDS_INVALID and FILE_UNREADABLE with the report as details; BUCKET_NOT_FOUND, FILE_NOT_FOUND, INVALID_PARAMS, FILE_TOO_LARGE,
 *   STORAGE_FULL, STORAGE_UNAVAILABLE; the reason of the signal
 */
export async function processFiles(
  context: Context,
  job: ClaimedJob,
  request: FilesRequest,
  ear: RunEar,
): Promise<FilesReport> {
  await requireBuckets(context, job.customerCode, request);
  await context.storage.requireShared().catch(storageFault);
  const outcomes = new Map<string, FileOutcome>();
  for (const outcome of await readForJob(context, (sql) => listOutcomes(sql, job.id))) {
    outcomes.set(outcome.filename, outcome);
  }
  const files = await filesToDo(context, job, request, outcomes);
  const sources = new Set([...outcomes.keys(), ...files.map(({ filename }) => filename)]);
  const names = (): RunNames => ({ targets: targetsOf(outcomes), sources });
  const last = request.processLastMatchedFile === true ? files.splice(0, files.length - 1) : [];
  let held = 0;
  for (const { filename } of last) {
    ear.signal.throwIfAborted();
    requireMovable(filename, request, names());
    const outcome = await skip(context, job, request, filename);
    if (outcome === "held") held += 1;
    else if (outcome !== "gone") outcomes.set(filename, outcome);
  }
  const progress = createFileProgress(files, ear.progress);
  for (const file of files) {
    ear.signal.throwIfAborted();
    const outcome = await workOnFile(context, job, request, file.filename, names(), {
      signal: ear.signal,
      progress: progress.of(file),
    });
    progress.passed(file);
    if (outcome === "held") held += 1;
    else if (outcome !== "gone") outcomes.set(file.filename, outcome);
  }
  const all = [...outcomes.values()];
  return judge(all, reportOf(all, held), request);
}

async function filesToDo(
  context: Context,
  { customerCode }: ClaimedJob,
  { incomingBucketCode, filenamePattern, rejectsOf }: FilesRequest,
  outcomes: ReadonlyMap<string, FileOutcome>,
): Promise<Pick<BucketFile, "filename" | "bytes" | "blobId">[]> {
  const files: BucketFile[] = [];
  const glob = filenamePattern ?? rejectsOf ?? "";
  for await (const file of listJobFiles(context, customerCode, incomingBucketCode, glob)) {
    if (outcomes.has(file.filename)) continue;
    if (rejectsOf !== undefined && file.filename !== rejectsOf) continue;
    // The files of errors that lie beside their files match much that was not meant for them.
    if (rejectsOf === undefined && isErrorsName(file.filename) && !glob.endsWith(".errors.jsonl")) continue;
    files.push(file);
    if (files.length > mostFiles) {
      throw new JobError("INVALID_PARAMS", `More than ${mostFiles} files match ${glob}; narrow filenamePattern.`);
    }
  }
  if (rejectsOf !== undefined && files.length + outcomes.size === 0) {
    const opened = await readJobFile(context, customerCode, incomingBucketCode, rejectsOf);
    opened.stream.destroy();
  }
  return files;
}

async function skip(
  context: Context,
  job: ClaimedJob,
  { incomingBucketCode, skippedBucketCode }: FilesRequest,
  filename: string,
): Promise<FileOutcome | "held" | "gone"> {
  const source = await takeForJob(context, job, incomingBucketCode, filename);
  if (typeof source === "string") return source;
  return commitFile(context, job, {
    source,
    bucketCode: incomingBucketCode,
    moveTo: skippedBucketCode ?? null,
    target: null,
    errors: null,
    outcome: { status: "skipped", read: 0, valid: 0, invalid: 0, dropped: 0, fault: null },
  });
}

/** The targets so far, by name, with the files that they were made of. */
function targetsOf(outcomes: ReadonlyMap<string, FileOutcome>): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const { target, filename } of outcomes.values()) if (target) targets.set(target.filename, filename);
  return targets;
}

function reportOf(outcomes: FileOutcome[], held: number): FilesReport {
  outcomes.sort((a, b) => (a.filename < b.filename ? -1 : 1));
  const totals = { files: outcomes.length, read: 0, valid: 0, invalid: 0, dropped: 0 };
  for (const { read, valid, invalid, dropped } of outcomes) {
    totals.read += read;
    totals.valid += valid;
    totals.invalid += invalid;
    totals.dropped += dropped;
  }
  const files = outcomes.slice(0, mostListed);
  return { files, omitted: outcomes.length - files.length, held, totals };
}

function judge(
  all: readonly FileOutcome[],
  report: FilesReport,
  { skipInvalidRecords = false, invalidBucketCode }: FilesRequest,
): FilesReport {
  const having = (status: FileOutcome["status"]) => all.filter((file) => file.status === status);
  const unreadable = having("unreadable");
  const [first] = unreadable;
  if (first && !(skipInvalidRecords && invalidBucketCode !== undefined)) {
    throw new JobError("FILE_UNREADABLE", `${first.filename}: ${first.fault}${andMore(unreadable)}`, {
      details: report,
    });
  }
  const invalid = having("invalid");
  const [bad] = invalid;
  if (!bad) return report;
  const found = `${bad.invalid} of ${bad.read} records are not valid; see ${bad.errors?.filename}`;
  throw new JobError("RECORDS_INVALID", `${bad.filename}: ${found}${andMore(invalid)}.`, { details: report });
}

function andMore(files: readonly FileOutcome[]): string {
  return files.length > 1 ? ` (and ${files.length - 1} more files)` : "";
}
