import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import {
  errorsNameOf,
  type FileOutcome,
  type FilesRequest,
  type TargetParams,
  targetNameOf,
} from "../../model/file-params.ts";
import type { FileTask, FileWorkOutcome, RecordCounts } from "../../model/file-work.ts";
import { JobError } from "../../model/job-errors.ts";
import type { NamedBlob } from "../../store/files/put-files.ts";
import type { ClaimedJob } from "../claim-jobs.ts";
import type { Context } from "../context.ts";
import { commitFile, type FileCommit } from "./commit-file.ts";
import { requireFileName, storageFault, storeForJob } from "./job-storage.ts";
import { discard } from "./store-blob.ts";
import { takeForJob } from "./take-for-job.ts";

interface Ear {
  readonly signal: AbortSignal;
  progress(bytes: number, counts: RecordCounts): void;
}

/** The names of a run, none of which may take another's place. */
export interface RunNames {
  /** Of targets made so far, with the files that they were made of. */
  readonly targets: ReadonlyMap<string, string>;
  /** Of all its files, those that are done among them. */
  readonly sources: ReadonlySet<string>;
}

const none: RecordCounts = { read: 0, valid: 0, invalid: 0, dropped: 0 };

/**
 * Works on one file to its end, and commits what came of it.
 *
 * @returns `held` where another job works on it; `gone` where it is not there any more
 */
export async function workOnFile(
  context: Context,
  job: ClaimedJob,
  request: FilesRequest,
  filename: string,
  names: RunNames,
  ear: Ear,
): Promise<FileOutcome | "held" | "gone"> {
  const { incomingBucketCode: bucketCode, processedBucketCode = null, invalidBucketCode = null, target } = request;
  const targetName = target && requireTargetName(filename, target, request, names);
  requireMovable(filename, request, names);
  const taken = await takeForJob(context, job, bucketCode, filename);
  if (typeof taken === "string") return taken;

  const made: NamedBlob[] = [];
  try {
    const { outcome, blobs } = await runProcess(context, job, request, taken, targetName, ear);
    made.push(...[blobs.target, blobs.errors].filter((blob) => blob !== null));
    ear.signal.throwIfAborted();
    const base = { source: taken, bucketCode, target: null, errors: null };
    if (outcome.kind === "fault") {
      if (outcome.about === "params") throw new JobError("INVALID_PARAMS", outcome.message);
      const fault = outcome.line === null ? outcome.message : `line ${outcome.line}: ${outcome.message}`;
      const unreadable = { status: "unreadable", ...none, fault: fault.slice(0, 2_000) } as const;
      return await commit({ ...base, moveTo: invalidBucketCode, outcome: unreadable });
    }
    const { counts } = outcome;
    if (counts.invalid > 0 && request.skipInvalidRecords !== true) {
      const invalid = { status: "invalid", ...counts, fault: null } as const;
      return await commit({ ...base, moveTo: invalidBucketCode, errors: blobs.errors, outcome: invalid });
    }
    return await commit({
      ...base,
      moveTo: processedBucketCode,
      target: target && blobs.target && { bucketCode: target.targetBucketCode, blob: blobs.target },
      errors: blobs.errors,
      outcome: { status: "processed", ...counts, fault: null },
    });
  } finally {
    // Those that have got a name are pending no more, and stay.
    await discard(
      context,
      made.map((blob) => blob.blobId),
    );
  }

  function commit(what: FileCommit): Promise<FileOutcome> {
    return commitFile(context, job, what);
  }
}

function requireTargetName(
  filename: string,
  target: TargetParams,
  request: FilesRequest,
  { targets, sources }: RunNames,
): string {
  const name = targetNameOf(filename, target);
  requireFileName(name);
  const { targetBucketCode } = target;
  const { incomingBucketCode, processedBucketCode } = request;
  const isItself = name === filename && [incomingBucketCode, processedBucketCode].includes(targetBucketCode);
  const isSource =
    name !== filename &&
    sources.has(name) &&
    (targetBucketCode === incomingBucketCode || isMovedTo(targetBucketCode, request));
  const other = targets.get(name);
  if (!isItself && !isSource && (other === undefined || other === filename)) return name;
  const whose = isItself ? "the file itself" : isSource ? "another file of this job" : `that of ${other}`;
  throw inTheWay(`The target of ${filename} would take the place of ${whose}, ${name}`);
}

/** Refuses a file whose move would take the place of a target. @throws JobError INVALID_PARAMS */
export function requireMovable(filename: string, request: FilesRequest, { targets }: RunNames): void {
  const { target } = request;
  const madeOf = targets.get(filename);
  if (!target || madeOf === undefined || !isMovedTo(target.targetBucketCode, request)) return;
  throw inTheWay(`${filename}, when it is moved, could take the place of the target of ${madeOf}`);
}

function isMovedTo(
  bucketCode: string,
  { processedBucketCode, invalidBucketCode, skippedBucketCode }: FilesRequest,
): boolean {
  return [processedBucketCode, invalidBucketCode, skippedBucketCode].includes(bucketCode);
}

function inTheWay(what: string): JobError {
  return new JobError("INVALID_PARAMS", `${what}: change targetFilenamePattern or targetBucketCode.`);
}

interface Made {
  readonly target: NamedBlob | null;
  readonly errors: NamedBlob | null;
}

async function runProcess(
  context: Context,
  job: ClaimedJob,
  request: FilesRequest,
  { filename, bytes, blobId }: { filename: string; bytes: number; blobId: string },
  targetName: string | null,
  { signal, progress }: Ear,
): Promise<{ outcome: FileWorkOutcome; blobs: Made }> {
  const errorsName = errorsNameOf(filename, context.clock.now());
  const giveBack = await context.fileTurns.take(job.customerCode, signal);
  const stored: Promise<NamedBlob | null>[] = [];
  const made: { target: NamedBlob | null; errors: NamedBlob | null } = { target: null, errors: null };
  async function store(name: string, content: Readable): Promise<NamedBlob> {
    return { filename: name, ...(await storeForJob(context, job, name, content)) };
  }
  async function keep(kind: "target" | "errors", storing: Promise<NamedBlob | null>): Promise<void> {
    stored.push(storing);
    made[kind] = await storing;
  }
  try {
    const source = await context.storage.openLocally(blobId, { signal }).catch(storageFault);
    try {
      const outcome = await context.fileProcess(taskOf(request, filename, bytes), {
        source: source.descriptor,
        signal,
        progress,
        // A target without records is a file all the same; errors without are none.
        target: (content) => (targetName === null ? drain(content) : keep("target", store(targetName, content))),
        errors: (content) =>
          keep(
            "errors",
            unlessEmpty(content, () => store(errorsName, content)),
          ),
      });
      return { outcome, blobs: made };
    } finally {
      await source.close();
    }
  } catch (error) {
    const settled = await Promise.allSettled(stored);
    const blobs = settled.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value.blobId] : []));
    await discard(context, blobs);
    throw error;
  } finally {
    giveBack();
  }
}

function taskOf(request: FilesRequest, filename: string, bytes: number): FileTask {
  return {
    filename,
    bytes,
    isCut: false,
    parseOptions: request.parseOptions ?? {},
    isRejects: request.rejectsOf !== undefined,
    sourceSchema: request.sourceSchema ?? null,
    targetSchema: request.targetSchema ?? null,
    transformers: request.transformers ?? [],
    recordIdentifierField: request.recordIdentifierField ?? null,
    target: request.target?.targetFormat ?? null,
    sample: null,
  };
}

/** Nothing where nothing comes; else what is made of the content, from its beginning. */
async function unlessEmpty<T>(content: Readable, make: () => Promise<T>): Promise<T | null> {
  await new Promise<void>((resolve) => {
    for (const event of ["readable", "end", "close", "error"]) content.once(event, () => resolve());
  });
  return content.readableLength === 0 ? null : make();
}

async function drain(content: Readable): Promise<void> {
  content.resume();
  await finished(content).catch(() => undefined);
}
