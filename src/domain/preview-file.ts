import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { Actor } from "../model/actor.ts";
import { ApiError, invalid, notFound, unavailable } from "../model/api-errors.ts";
import type { BucketFile } from "../model/bucket.ts";
import { faultsOfRecordParams, type RecordParams } from "../model/file-params.ts";
import type { FileTask, FileWorkOutcome } from "../model/file-work.ts";
import { findFile } from "../store/files/find-file.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";
import { requireBucket } from "./steps/require-bucket.ts";

const mostRecords = 20;
/** The rest of a larger file is not looked at. */
const mostBytes = 32 * 1024 * 1024;
/** Milliseconds that the bytes may take from where they lie. */
const fetchMs = 15_000;
/** Milliseconds until one of few places must be free. */
const placeMs = 10_000;

/** A file, or one of errors whose records are to be run again, and what is to be done with its records. */
export interface PreviewFile extends RecordParams {
  readonly filename?: string;
  readonly rejectsOf?: string;
}

/** What a job would make of the first records. */
export interface PreviewedFile {
  readonly file: BucketFile;
  readonly outcome: FileWorkOutcome;
}

/**
 * Takes the first records of a file through the steps of a job, without one; nothing is written.
 *
 * @throws ApiError NOT_FOUND, VALIDATION_FAILED also for a schema or an expression that cannot be used, RATE_LIMITED, UNAVAILABLE
 */
export async function previewFile(
  context: Context,
  { customerCode }: Pick<Actor, "customerCode">,
  bucketCode: string,
  request: PreviewFile,
): Promise<PreviewedFile> {
  const { filename, rejectsOf } = request;
  const faults = faultsOfRecordParams(request);
  if ((filename === undefined) === (rejectsOf === undefined)) {
    faults.push({ path: "/filename", message: "give either filename or rejectsOf" });
  }
  if (faults.length > 0) throw invalid(faults);
  const name = filename ?? rejectsOf ?? "";
  const file = await readPatiently(context.database, async (sql) => {
    await requireBucket(sql, { customerCode }, bucketCode);
    return findFile(sql, customerCode, bucketCode, name);
  });
  if (!file) throw notFound("file", name);
  const giveBack = await context.previewTurns.take(customerCode, AbortSignal.timeout(placeMs)).catch(tooMany);
  try {
    const outcome = await look(context, file, taskOf(request, file));
    if (outcome.kind === "fault" && outcome.about === "params") {
      throw invalid([{ path: outcome.path ?? "", message: outcome.message }]);
    }
    return { file, outcome };
  } finally {
    giveBack();
  }
}

async function look(context: Context, { blobId }: BucketFile, task: FileTask): Promise<FileWorkOutcome> {
  try {
    await context.storage.requireShared();
    const source = await context.storage.openLocally(blobId, {
      signal: AbortSignal.timeout(fetchMs),
      ...(task.isCut && { wantedBytes: task.bytes }),
    });
    try {
      return await context.fileProcess(task, {
        source: source.descriptor,
        signal: new AbortController().signal,
        progress: () => undefined,
        target: drain,
        errors: drain,
      });
    } finally {
      await source.close();
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw unavailable("The file cannot be looked at on this node at the moment.", error);
  }
}

function taskOf(request: PreviewFile, { filename, bytes }: BucketFile): FileTask {
  const { parseOptions = {}, sourceSchema = null, targetSchema = null, transformers = [] } = request;
  return {
    filename,
    bytes: Math.min(bytes, mostBytes),
    isCut: bytes > mostBytes,
    parseOptions,
    isRejects: request.rejectsOf !== undefined,
    sourceSchema,
    targetSchema,
    transformers,
    recordIdentifierField: request.recordIdentifierField ?? null,
    target: null,
    sample: mostRecords,
  };
}

function tooMany(): never {
  throw new ApiError(
    "RATE_LIMITED",
    "Other previews of yours are under way on this node; try again when they are done.",
    {
      retryAfterSeconds: 5,
    },
  );
}

async function drain(content: Readable): Promise<void> {
  content.resume();
  await finished(content).catch(() => undefined);
}
