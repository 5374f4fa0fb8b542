/** A request that a job sends out, and its answer, as `src/egress/` and job types both see them. */

import type { StopSignal } from "./stop-signal.ts";

/** What a job asks to be sent. */
export interface OutgoingRequest {
  /** Absolute, http or https. Credentials and fragment in it are not sent. */
  readonly url: URL;
  /** Upper case. */
  readonly method: string;
  /** None of `unsettableHeaders`. Without `accept-encoding` and `user-agent` those of Punctual are sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | StreamedBody;
  /** Breaks it off; the end of the run does so in any case. Absent: nothing else does. */
  readonly signal?: AbortSignal;
  /** For https, on the origin of `url` alone: a redirect to another origin goes without. */
  readonly tls?: OutgoingTls;
  /** The key that the request is signed with: it is not sent, and may go where it is bound to all the same. */
  readonly signedWith?: string;
  /** Redirects followed before giving up, 0–20; with 0 the redirect itself is the answer. */
  readonly maxRedirects: number;
}

/** A body that is too large to be held: it is read from its beginning each time that it is sent, as when a redirect asks for it again. */
export interface StreamedBody {
  /** How long it is; one that turns out otherwise fails the request. */
  readonly bytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** How TLS is done with one service, where that is not as with any other. */
export interface OutgoingTls {
  /** The authorities that are trusted, in place of the well-known ones; PEM, one or several. */
  readonly ca?: string;
  /** The client's own certificate, with those between it and its authority behind it; PEM. Goes with `key`. */
  readonly certificate?: string;
  /** The private key of `certificate`; PEM. */
  readonly key?: string;
  /** Decrypts `key`. */
  readonly passphrase?: string;
  /** The name that is asked for and that the certificate must hold, in place of the URL's host. */
  readonly servername?: string;
  /** Takes any certificate; refused with INVALID_PARAMS unless the operator allows it. */
  readonly insecure?: boolean;
}

/** A request as it is about to go out: the first one, or that of a redirect. */
export interface InspectedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Null also where it is streamed: what lies in a file is not looked at. */
  readonly body: string | Uint8Array | null;
  /** Absent where it goes to another origin than it was meant for. */
  readonly tls?: OutgoingTls;
  /** Absent as `tls` is: the signature stays behind. */
  readonly signedWith?: string;
}

/** Looks at a request before anything of it is sent; what it throws, the request fails with. */
export type InspectRequest = (request: InspectedRequest) => void;

/**
 * Headers that belong to the connection or frame the message, so that only the way out may set them
 * (RFC 9110, sections 7.2, 7.6.1 and 10.1.1; RFC 9112, section 6). Lower case.
 */
export const unsettableHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Milliseconds that each part took, of the last request of a chain of redirects; `null` where none was needed. */
export interface RequestTimings {
  /** `null` for a kept connection, and where the URL holds an address instead of a name. */
  readonly dnsMs: number | null;
  /** `null` for a kept connection. */
  readonly connectMs: number | null;
  /** `null` for a kept connection, and for http. */
  readonly tlsMs: number | null;
  /** From the request being written to the head of the answer. */
  readonly firstByteMs: number;
  /** From the call to the answer's head, redirects included. */
  readonly headMs: number;
}

/** What came back. `body` is decoded (gzip, deflate, br) and must be read to its end or destroyed. */
export interface OutgoingResponse {
  readonly status: number;
  /** As the server sent it, perhaps empty: `Service Unavailable`. */
  readonly statusText: string;
  /**
   * Lower-case names; a name that came several times has its values joined by `, `, but for `set-cookie`, which is
   * always an array. `content-encoding` and `content-length` are those of the message before it was decoded.
   */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** The address that answered, after redirects, without credentials and fragment. */
  readonly url: string;
  /** The addresses that redirected, in order. */
  readonly redirects: readonly string[];
  readonly body: ResponseBody;
  readonly timings: RequestTimings;
}

/** A body, to be iterated once; leaving the loop early destroys it. */
export interface ResponseBody extends AsyncIterable<Uint8Array> {
  /** Gives up what has not been read, and its connection. Does nothing after the end. */
  destroy(): void;
}

/**
 * Sends a request through the guarded way out.
 *
 * @throws JobError HOST_NOT_FOUND, ADDRESS_NOT_ALLOWED, CONNECTION_REFUSED, CONNECTION_LOST, TLS_ERROR, INVALID_RESPONSE,
 *   INVALID_PARAMS (a header or URL that cannot be sent); reading `body` may throw CONNECTION_LOST or
 *   INVALID_RESPONSE. An abort of `signal` rejects with its reason, as it is.
 */
export type GuardedFetch = (request: OutgoingRequest) => Promise<OutgoingResponse>;

/** The same for the node itself, which may have each request looked at, those of redirects among them. */
export type InspectedFetch = (request: StoppableRequest, inspect?: InspectRequest) => Promise<OutgoingResponse>;

/** A request with what breaks it off. */
export type StoppableRequest = Omit<OutgoingRequest, "signal"> & { readonly signal?: StopSignal };
