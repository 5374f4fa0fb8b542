/**
 * One request on one connection, and its answer.
 *
 * States: sent → head → ended, or from the first two → failed. Invariants: the connection is released when the answer has
 * ended and discarded in every other case, once; an abort of the signal fails with the signal's reason and nothing else.
 */
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import type { ResponseBody, StreamedBody } from "../model/outgoing-request.ts";
import type { StopSignal } from "../model/stop-signal.ts";
import type { Connection } from "./connections.ts";
import { toJobError, withTimings } from "./egress-errors.ts";
import type { ConnectTimings } from "./open-socket.ts";
import { createIncomingBody, type IncomingBody } from "./response-body.ts";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | StreamedBody | null;
  /** The proxy that forwards it, for http alone: it is told the whole address (RFC 9112, section 3.2.2). */
  readonly forwarder?: { readonly authorization: string | null };
}

/** An answer whose head has come. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Record<string, string | string[]>;
  /** As it came, not decoded. */
  readonly body: ResponseBody;
  /** `undefined` for a kept connection. */
  readonly connectTimings: ConnectTimings | undefined;
  readonly firstByteMs: number;
}

/**
 * Sends `request` on `connection`; resolves when the head of the answer is there.
 *
 * @throws JobError as the egress errors say; the reason of `signal` when it is aborted. The same errors reach the reader
 *   of the body when they happen after the head.
 */
export function exchange(connection: Connection, request: WireRequest, signal: StopSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let incoming: IncomingBody | undefined;
    let connectTimings: ConnectTimings | undefined;
    let sentAt = 0;
    let over = false;

    /** @returns whether this is the first end that the exchange comes to */
    function settle(): boolean {
      if (over) return false;
      over = true;
      signal.removeEventListener("abort", abort);
      return true;
    }

    function fail(error: unknown, closing: Error): void {
      if (!settle()) return;
      connection.discard(closing);
      if (incoming) incoming.fail(error);
      else reject(error);
    }

    function abort(): void {
      fail(signal.reason, new Error("aborted"));
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {
        connectTimings = connection.takeTimings();
        sentAt = performance.now();
      },
      onResponseStart(controller, status, headers, statusText = "") {
        // 1xx answers are followed by the real one (RFC 9110, section 15.2).
        if (status < 200) return;
        incoming = createIncomingBody({
          pause: () => controller.pause(),
          resume: () => controller.resume(),
          cancel: () => {
            if (settle()) connection.discard(new Error("the rest of the answer is not wanted"));
          },
        });
        const firstByteMs = performance.now() - sentAt;
        resolve({ status, statusText, headers: joined(headers), body: incoming.body, connectTimings, firstByteMs });
      },
      onResponseData(_, chunk) {
        incoming?.push(chunk);
      },
      onResponseEnd() {
        if (!settle()) return;
        connection.release();
        incoming?.end();
      },
      onResponseError(_, error) {
        const told = toJobError(error, connection.target);
        const mapped = connectTimings && !incoming ? withTimings(told, connectTimings) : told;
        fail(mapped, mapped);
      },
    };

    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    const { url, method, body, forwarder } = request;
    const path = (forwarder ? url.origin : "") + url.pathname + url.search;
    const authorization = forwarder?.authorization ?? null;
    const streamed = isStreamed(body);
    const headers =
      authorization === null && !streamed
        ? request.headers
        : {
            ...request.headers,
            ...(authorization !== null && { "proxy-authorization": authorization }),
            ...(streamed && { "content-length": String(body.bytes) }),
          };
    const content = streamed ? Readable.from(body.open(), { objectMode: false }) : body;
    connection.client.dispatch({ path, method, headers, body: content }, handler);
  });
}

/** Whether a body is read piece by piece. */
export function isStreamed(body: WireRequest["body"]): body is StreamedBody {
  return typeof body === "object" && body !== null && "open" in body;
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (name === "set-cookie") result[name] = typeof value === "string" ? [value] : value;
    else result[name] = typeof value === "string" ? value : value.join(", ");
  }
  return result;
}
