/** A request that a job sends out, and its answer, as `src/egress/` and job types both see them. */

/** What a job asks to be sent. */
export interface OutgoingRequest {
  /** Absolute, http or https. */
  readonly url: URL;
  /** Upper case. */
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal: AbortSignal;
  /** Redirects followed before giving up, 0–20; with 0 the redirect itself is the answer. */
  readonly maxRedirects: number;
}

/** Milliseconds that each part took, of the last request of a chain of redirects; `null` where a kept connection needed none. */
export interface RequestTimings {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the request being written to the first byte of the answer. */
  readonly firstByteMs: number;
  /** From the call to the answer's head, redirects included. */
  readonly headMs: number;
}

/** What came back. `body` is decoded (gzip, deflate, br) and must be read to its end or destroyed. */
export interface OutgoingResponse {
  readonly status: number;
  /** Lower-case names; a name that came several times has its values joined by `, `, but for `set-cookie`. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The address that answered, after redirects, without credentials. */
  readonly url: string;
  readonly redirects: readonly string[];
  readonly body: AsyncIterable<Uint8Array> & { destroy(): void };
  readonly timings: RequestTimings;
}

/**
 * Sends a request through the guarded way out.
 *
 * @throws JobError HOST_NOT_FOUND, ADDRESS_NOT_ALLOWED, CONNECTION_REFUSED, CONNECTION_LOST, TLS_ERROR, INVALID_RESPONSE;
 *   reading `body` may throw CONNECTION_LOST or INVALID_RESPONSE. An abort of `signal` rejects with its reason.
 */
export type GuardedFetch = (request: OutgoingRequest) => Promise<OutgoingResponse>;
