/** Fetches a file into a bucket. */
import { Readable } from "node:stream";
import { defineJobType, type JobContext, type JobFile } from "../contract.ts";
import type { Exchange } from "../shared/exchange.ts";
import { maskUrl } from "../shared/mask.ts";
import { isSftp } from "../shared/sftp.ts";
import { describeTransferFailure, newTransfer, requireNone } from "../shared/transfer-failure.ts";
import { unpack } from "./gunzip.ts";
import { createHttpSource } from "./http-source.ts";
import { checkFilledParams, checkParams, type Params, paramsSchema } from "./params.ts";
import { type Progress, receive } from "./receive.ts";
import { type Result, resultSchema } from "./result.ts";
import { createSftpSource } from "./sftp-source.ts";
import { type Source, StartAnew } from "./source.ts";

/** The job type `downloadFile`: http, https or sftp to a bucket. */
export const downloadFile = defineJobType({
  code: "downloadFile",
  name: "Download a file",
  description: "Fetches a file by http, https or sftp into a bucket, checks it, and unpacks gzip on the way.",
  paramsSchema,
  resultSchema,
  defaults: { timeoutSeconds: 3_600 },
  checkParams,
  async run(ctx, params) {
    const exchange = newTransfer(params);
    try {
      requireNone(checkFilledParams(params));
      return await download(ctx, params, exchange);
    } catch (error) {
      throw describeTransferFailure(ctx, exchange, error);
    }
  },
});

async function download(ctx: JobContext, params: Params, exchange: Exchange): Promise<Result> {
  const progress: Progress = { resumes: 0, receivedBytes: 0 };
  for (;;) {
    const source = isSftp(params) ? createSftpSource(ctx, params) : createHttpSource(ctx, params, exchange);
    try {
      const file = await store(ctx, params, exchange, source, progress);
      ctx.log.info(`${file.filename}: ${file.bytes} bytes, SHA-256 ${file.sha256}`);
      return {
        bucketCode: params.bucketCode,
        ...file,
        receivedBytes: progress.receivedBytes,
        resumes: progress.resumes,
        ...describeOrigin(params, exchange),
      };
    } catch (error) {
      // Each costs one of the connections that an attempt may make, so that this comes to an end.
      if (!(error instanceof StartAnew) || ctx.signal.aborted) throw error;
      ctx.log.warn(`from the beginning: ${error.message}`);
    } finally {
      source.close();
    }
  }
}

async function store(
  ctx: JobContext,
  params: Params,
  exchange: Exchange,
  source: Source,
  progress: Progress,
): Promise<JobFile> {
  const { bucketCode, filename, maxBytes } = params;
  const received = receive(ctx, params, source, progress);
  const wasUnpacked = (): boolean => /gzip/.test(String(exchange.response?.headers["content-encoding"] ?? ""));
  const content = params.gunzip ? unpack(received, wasUnpacked) : received;
  const stored = await ctx.files.write(
    bucketCode,
    filename,
    Readable.from(content, { objectMode: false }),
    maxBytes === undefined ? {} : { mostBytes: maxBytes },
  );
  return { filename: stored.filename, bytes: stored.bytes, sha256: stored.sha256 };
}

function describeOrigin(
  { url }: Params,
  { response, hidden }: Exchange,
): Pick<Result, "url" | "contentType" | "etag" | "lastModified"> {
  if (!response) return { url };
  const { "content-type": contentType, etag, "last-modified": lastModified } = response.headers;
  return {
    url: maskUrl(response.url, hidden),
    ...(typeof contentType === "string" && { contentType }),
    ...(typeof etag === "string" && { etag }),
    ...(typeof lastModified === "string" && { lastModified }),
  };
}
