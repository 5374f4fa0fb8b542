/**
 * `ctx.files` of one run. Once the run is aborted every call rejects with the reason, and what is being read or written breaks off with it.
 */
import type { Readable } from "node:stream";
import type { ClaimedJob } from "../domain/claim-jobs.ts";
import type { Context } from "../domain/context.ts";
import { listJobFiles } from "../domain/list-job-files.ts";
import { processFiles } from "../domain/process-files.ts";
import { readJobFile } from "../domain/read-job-file.ts";
import { writeJobFile } from "../domain/write-job-file.ts";
import type { JobContext, JobFiles } from "../job-types/contract.ts";
import { handled } from "./waiting.ts";

/** Makes them for the runs of this node. */
export function createRunFiles(
  context: Context,
): (job: ClaimedJob, signal: AbortSignal, progress: JobContext["progress"]) => JobFiles {
  return (job, signal, progress) => {
    async function* list(bucketCode: string, glob: string): ReturnType<typeof listJobFiles> {
      signal.throwIfAborted();
      for await (const file of listJobFiles(context, job.customerCode, bucketCode, glob)) {
        signal.throwIfAborted();
        yield file;
      }
    }

    const read: JobFiles["read"] = async (bucketCode, filename, range) => {
      signal.throwIfAborted();
      const file = await readJobFile(context, job.customerCode, bucketCode, filename, range);
      endWith(signal, file.stream);
      return file;
    };

    const write: JobFiles["write"] = async (bucketCode, filename, content, { mostBytes } = {}) => {
      // Whatever it breaks with is thrown below; until somebody reads it, nobody else hears of it.
      content.on("error", () => undefined);
      try {
        signal.throwIfAborted();
        endWith(signal, content);
        return await writeJobFile(context, job, bucketCode, filename, content, { mostBytes, signal });
      } finally {
        content.destroy();
      }
    };

    const process: JobFiles["process"] = async (request) => {
      signal.throwIfAborted();
      return processFiles(context, job, request, { signal, progress });
    };

    return {
      list,
      read: (...given) => handled(read(...given)),
      write: (...given) => handled(write(...given)),
      process: (request) => handled(process(request)),
    };
  };
}

function endWith(signal: AbortSignal, stream: Readable): void {
  const end = (): void => void stream.destroy(signal.reason instanceof Error ? signal.reason : new Error("aborted"));
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  stream.once("close", () => signal.removeEventListener("abort", end));
}
