import { type JobContext, JobError, type OutgoingRequest, type OutgoingResponse } from "../contract.ts";
import type { Exchange } from "../shared/exchange.ts";
import { sendAs } from "../shared/send.ts";
import { statusFailure } from "../shared/transfer-failure.ts";
import type { Params } from "./params.ts";
import { type Opened, type Source, StartAnew } from "./source.ts";

const maxRedirects = 10;

/** What names this very version of a file (RFC 9110, section 13.1.5): only by it can the rest be asked for. */
interface Version {
  readonly validator: string;
  readonly totalBytes: number | undefined;
}

/** A file that is fetched by http or https; a broken one by ranges (RFC 9110, section 14). */
export function createHttpSource(ctx: JobContext, params: Params, exchange: Exchange): Source {
  let version: Version | undefined;

  async function open(from: number): Promise<Opened> {
    if (from > 0 && !version) throw new StartAnew("the server has not said how to ask for the rest");
    const response = await send(ctx, params, exchange, from, version);
    if (from > 0 && version) return rest(response, from, version);
    if (response.status < 200 || response.status > 299 || response.status === 206) {
      throw await statusFailure(ctx, response, exchange);
    }
    version = versionOf(params, response);
    return {
      body: response.body,
      totalBytes: encoded(response) ? undefined : numberOf(response.headers["content-length"]),
    };
  }

  return { open, close: () => exchange.response?.body.destroy() };
}

function send(
  ctx: JobContext,
  params: Params,
  exchange: Exchange,
  from: number,
  version: Version | undefined,
): Promise<OutgoingResponse> {
  const { url, method = "GET", auth, tls } = params;
  if (auth?.type === "privateKey")
    throw new JobError("INVALID_PARAMS", "/auth: holds a private key, which is for sftp");
  // As it lies there: a file that is encoded for the way has no ranges that we could count.
  const headers: Record<string, string> = { ...params.headers };
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  if (!names.has("accept-encoding")) headers["accept-encoding"] = "identity";
  if (!names.has("accept")) headers.accept = "*/*";
  if (version && from > 0) Object.assign(headers, { range: `bytes=${from}-`, "if-range": version.validator });
  const request: OutgoingRequest = {
    url: new URL(url),
    method,
    headers,
    signal: ctx.signal,
    ...(tls && { tls }),
    maxRedirects,
  };
  return sendAs(ctx, auth, request, exchange);
}

function versionOf({ method = "GET", headers = {} }: Params, response: OutgoingResponse): Version | undefined {
  const { etag, "last-modified": modified, "accept-ranges": ranges } = response.headers;
  const own = Object.keys(headers).some((name) => ["range", "if-range"].includes(name.toLowerCase()));
  if (method !== "GET" || response.status !== 200 || encoded(response) || ranges === "none" || own) return undefined;
  const validator = typeof etag === "string" && !etag.startsWith("W/") ? etag : modified;
  if (typeof validator !== "string") return undefined;
  return { validator, totalBytes: numberOf(response.headers["content-length"]) };
}

function rest(response: OutgoingResponse, from: number, version: Version): Opened {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(String(response.headers["content-range"] ?? ""));
  const { etag } = response.headers;
  const isSame = !version.validator.startsWith('"') || etag === undefined || etag === version.validator;
  const total = range?.[2] === undefined || range[2] === "*" ? version.totalBytes : Number(range[2]);
  const fits = range !== null && Number(range[1]) === from && total === (version.totalBytes ?? total);
  if (response.status === 206 && fits && isSame && !encoded(response)) {
    return { body: response.body, totalBytes: total };
  }
  response.body.destroy();
  throw new StartAnew(`the server answered ${response.status} when it was asked for the rest`);
}

/** Whether what is read is not what lies there. */
function encoded({ headers }: OutgoingResponse): boolean {
  const encoding = headers["content-encoding"];
  return encoding !== undefined && encoding !== "identity" && encoding !== "";
}

function numberOf(text: string | string[] | undefined): number | undefined {
  return typeof text === "string" && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
