import { type JobContext, JobError } from "../contract.ts";
import { type Exchange, maxDetailBytes } from "../shared/exchange.ts";
import { maskUrl } from "../shared/mask.ts";
import { contentTypeOf, interpretBody, readBytes } from "../shared/read-body.ts";
import { sendAs } from "../shared/send.ts";
import { statusFailure } from "../shared/transfer-failure.ts";
import type { FileBody } from "./file-body.ts";
import type { Params } from "./params.ts";
import type { Result } from "./result.ts";

const maxRedirects = 10;

/**
 * Sends a file as the body of a request.
 *
 * @param params checked, with nothing left to be filled in
 * @throws JobError as `ctx.fetch` says, HTTP_STATUS, TOKEN_REQUEST_FAILED, and what reading the file fails with
 */
export async function sendByHttp(
  ctx: JobContext,
  params: Params,
  file: FileBody,
  exchange: Exchange,
): Promise<Pick<Result, "url" | "status" | "headers" | "body">> {
  const { url, method = "PUT", auth, tls } = params;
  if (auth?.type === "privateKey")
    throw new JobError("INVALID_PARAMS", "/auth: holds a private key, which is for sftp");
  const headers: Record<string, string> = { ...params.headers };
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  if (!names.has("content-type")) headers["content-type"] = "application/octet-stream";
  if (!names.has("accept")) headers.accept = "*/*";
  // The same for every attempt of the job, so that the other end can tell a retry from a new file.
  if (!names.has("idempotency-key")) headers["idempotency-key"] = ctx.job.id;
  const body = { bytes: file.bytes, open: file.open };
  const request = { url: new URL(url), method, headers, body, signal: ctx.signal, ...(tls && { tls }), maxRedirects };
  const response = await sendAs(ctx, auth, request, exchange);
  if (response.status < 200 || response.status > 299) throw await statusFailure(ctx, response, exchange);
  const read = await readBytes(response, maxDetailBytes, exchange.received);
  exchange.bodyEnded = !read.truncated;
  return {
    url: maskUrl(response.url, exchange.hidden),
    status: response.status,
    headers: response.headers,
    body: interpretBody(read, contentTypeOf(response), "auto").body,
  };
}
