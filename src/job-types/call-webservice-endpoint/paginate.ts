/**
 * Reads an answer that comes in pages, one after another, and collects their items or counts them.
 *
 * Invariants: what is kept is bounded in items and bytes, what is read in pages; an address, a cursor or a page that has been before ends
 * the job, for it would go on for ever; every page passes the rules of the way out like any other call, and credentials
 * go to the origin of `url` alone unless the params say otherwise.
 */

import { createHash } from "node:crypto";
import { type JobContext, JobError } from "../contract.ts";
import { cut } from "../shared/cut.ts";
import { callAnd } from "./call.ts";
import { addressFrom, paramsFor, withoutKey } from "./follow-on.ts";
import { answerJson, isTrue } from "./judge.ts";
import { nextLink } from "./link-header.ts";
import { defaultMaxItems, defaultMaxPages, maxCollectedBytes, type Paginate } from "./paginate-params.ts";
import type { Params } from "./params.ts";
import type { Result } from "./result.ts";

/** Longest cursor, in characters. */
const longestCursor = 8_192;

/** What has been read so far. */
interface Collected {
  pages: number;
  count: number;
  bytes: number;
  readonly items: unknown[];
  /** Hashes of addresses and cursors that have been called. */
  readonly visited: Set<string>;
  /** The hash of the last page's items. */
  lastItems: string;
}

/** A page that has been read, and where the next one is. */
interface Page {
  readonly result: Result;
  readonly items: readonly unknown[];
  /** The params of the call for the next page; null after the last. */
  readonly next: Params | null;
}

/**
 * The last page's answer with the items of all pages as its body.
 *
 * @throws JobError as `call`; INVALID_RESPONSE where pages repeat, or `next` and `items` give what they cannot be;
 *   RESPONSE_TOO_LARGE where there is more than the limits allow
 */
export async function callPages(ctx: JobContext, params: Params, paginate: Paginate): Promise<Result> {
  const { maxPages = defaultMaxPages, maxItems = defaultMaxItems } = paginate;
  const collected: Collected = { pages: 0, count: 0, bytes: 0, items: [], visited: new Set(), lastItems: "" };
  let call: Params | null = firstCall(params, paginate);
  if (paginate.by === "link" || paginate.by === "url") collected.visited.add(hash(new URL(params.url).href));
  for (;;) {
    const page: Page = await readPage(ctx, params, paginate, collected, call);
    const rest = keep(collected, page.items, paginate, maxItems);
    ctx.progress(collected.pages, maxPages, `${collected.count} items in ${collected.pages} pages`);
    const reached = rest ?? (page.next && collected.pages >= maxPages ? `maxPages, ${maxPages}` : null);
    if (reached === null && page.next) {
      call = page.next;
      continue;
    }
    if (reached !== null && paginate.onLimit !== "stop") throw tooMuch(reached, collected);
    const { result } = page;
    const isKept = paginate.collect !== "count";
    return {
      ...result,
      body: isKept ? collected.items : null,
      bodyEncoding: isKept ? "json" : "none",
      truncated: reached !== null,
      pages: collected.pages,
      items: collected.count,
    };
  }
}

async function readPage(
  ctx: JobContext,
  params: Params,
  paginate: Paginate,
  collected: Collected,
  call: Params,
): Promise<Page> {
  collected.pages += 1;
  try {
    return await callAnd(ctx, call, async ({ result, url }) => {
      const input = answerJson(result, result);
      const items = await itemsOf(ctx, paginate, result, input);
      const next = await nextCall(ctx, params, paginate, collected, { result, url, items, input });
      return { result, items, next };
    });
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    throw new JobError(error.code, error.message, {
      details: { ...error.details, page: collected.pages, items: collected.count },
      retryable: error.retryable,
      ...(error.retryAfterSeconds !== undefined && { retryAfterSeconds: error.retryAfterSeconds }),
      cause: error.cause ?? error,
    });
  }
}

function firstCall(params: Params, { by, param = by, start }: Paginate): Params {
  if (by === "page") return withParam(params, param, start ?? 1);
  if (by === "offset") return withParam(params, param, start ?? 0);
  return params;
}

/** Where the next page is. @throws JobError INVALID_RESPONSE, EXPRESSION_FAILED */
async function nextCall(
  ctx: JobContext,
  params: Params,
  paginate: Paginate,
  collected: Collected,
  { result, url, items, input }: { result: Result; url: string; items: readonly unknown[]; input: string },
): Promise<Params | null> {
  const { by, next, param = by, start, credentials = "sameOrigin" } = paginate;
  const value = next === undefined ? undefined : await ctx.evaluate(next, input);
  if (by === "link" || by === "url") {
    const address = by === "link" ? nextLink(result.headers.link) : value;
    if (isNothing(address)) return null;
    const what = by === "link" ? "The next page in the Link header" : "The next page (paginate.next)";
    const full = addressFrom(address, url, what);
    const { origin, pathname } = new URL(full);
    requireNew(collected, full, `the address of the next page (${cut(origin + pathname, 200)})`);
    return paramsFor(withoutKey(full, params), params, credentials);
  }
  if (by === "cursor") {
    if (isNothing(value)) return null;
    if ((typeof value !== "string" && typeof value !== "number") || String(value).length > longestCursor) {
      throw notUsable(`The cursor of the next page (paginate.next) is no text of up to ${longestCursor} characters`);
    }
    requireNew(collected, String(value), `the cursor of the next page (${cut(String(value), 200)})`);
    return another(ctx, withParam(params, param, value), collected);
  }
  if (items.length === 0 || (next !== undefined && !isTrue(value))) return null;
  const itself = hash(JSON.stringify(items));
  if (itself === collected.lastItems) {
    throw notUsable(
      `Pages ${collected.pages - 1} and ${collected.pages} hold the same items: the webservice seems not to heed the search param ${JSON.stringify(param)}`,
    );
  }
  collected.lastItems = itself;
  const position = by === "page" ? (start ?? 1) + collected.pages : (start ?? 0) + collected.count + items.length;
  return another(ctx, withParam(params, param, position), collected);
}

/** What stands for "there is no next page". */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === false || value === "";
}

function requireNew(collected: Collected, text: string, what: string): void {
  const one = hash(text);
  if (collected.visited.has(one)) {
    throw notUsable(`After page ${collected.pages} ${what} points back to one that has been: it would go on for ever`);
  }
  collected.visited.add(one);
}

function withParam(params: Params, name: string, value: string | number): Params {
  return { ...params, searchParams: { ...params.searchParams, [name]: value } };
}

/** Every page of a write is a wish of its own, and the same one in each attempt. */
function another(ctx: JobContext, params: Params, { pages }: Collected): Params {
  const { method = "GET", headers = {} } = params;
  const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === "idempotency-key");
  if (hasOwn || method === "GET" || method === "HEAD" || method === "OPTIONS") return params;
  return { ...params, headers: { ...headers, "idempotency-key": `${ctx.job.id}-${pages + 1}` } };
}

async function itemsOf(
  ctx: JobContext,
  { items: expression }: Paginate,
  { body, status }: Result,
  input: string,
): Promise<readonly unknown[]> {
  const value = expression === undefined ? body : await ctx.evaluate(expression, input);
  if (Array.isArray(value)) return value;
  if (value === undefined || value === null) return [];
  // JSONata gives a list of one as that one.
  if (expression !== undefined) return [value];
  throw notUsable(`The body of the answer ${status} is no list; say with paginate.items where its items are`);
}

/** @returns the limit that was reached, and null where there was none */
function keep(collected: Collected, items: readonly unknown[], { collect }: Paginate, maxItems: number): string | null {
  const room = maxItems - collected.count;
  const some = items.slice(0, room);
  if (collect !== "count") {
    for (const item of some) {
      collected.bytes += Buffer.byteLength(JSON.stringify(item) ?? "null") + 1;
      if (collected.bytes > maxCollectedBytes) return `${maxCollectedBytes} bytes of items`;
      collected.items.push(item);
      collected.count += 1;
    }
  } else {
    collected.count += some.length;
  }
  return items.length > room ? `maxItems, ${maxItems}` : null;
}

function tooMuch(limit: string, { pages, count }: Collected): JobError {
  return new JobError(
    "RESPONSE_TOO_LARGE",
    `There is more than the limit of ${limit} allows, after ${count} items in ${pages} pages. Raise the limit, ask for less, or set paginate.onLimit to "stop" to keep what came.`,
    {
      details: {
        pages,
        items: count,
        cause: "The webservice has more pages or items than the params allow to be read.",
        remedy: 'Raise the limit that the message names, ask for less, or set paginate.onLimit to "stop".',
      },
    },
  );
}

function notUsable(sentence: string): JobError {
  return new JobError("INVALID_RESPONSE", `${sentence}.`, { retryable: false });
}

/** Addresses and cursors may be long, and there may be thousands. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
