/**
 * The guarded way out: the only network that jobs, webhooks and transfers have.
 *
 * Every connection is looked up, judged and made to the very address that was judged; every redirect goes the same way
 * again. See `address-policy.ts` for what is refused.
 */
import type { EgressRule } from "../model/egress-rules.ts";
import { JobError } from "../model/job-errors.ts";
import {
  type InspectedFetch,
  type InspectRequest,
  type OutgoingResponse,
  type StoppableRequest,
  unsettableHeaders,
} from "../model/outgoing-request.ts";
import type { InspectedSftp } from "../model/outgoing-sftp.ts";
import { neverStopped, type StopSignal } from "../model/stop-signal.ts";
import { createAddressPolicy, type Target } from "./address-policy.ts";
import { createConnections, targetOf } from "./connections.ts";
import { acceptedEncodings, decodeBody } from "./decode-body.ts";
import { invalidResponse } from "./egress-errors.ts";
import { type Answer, exchange, isStreamed, type WireRequest } from "./exchange.ts";
import { type Resolve, resolveBySystem, sharedWhilePending } from "./look-up.ts";
import { createSocketOpener } from "./open-socket.ts";
import { redirectOf } from "./redirects.ts";
import { createSftpSessions } from "./sftp.ts";
import { createProxy, proxyRefused } from "./through-proxy.ts";
import { createTlsProfiles, type TlsProfile } from "./tls-profile.ts";

/** Above the number of jobs that a node runs at once by default. */
const leastConnectionsPerOrigin = 256;

/** Connections to one origin for a node that runs so many jobs at once: it never holds one of them back. */
export function connectionsFor(workerSlots: number): number {
  return Math.max(leastConnectionsPerOrigin, workerSlots);
}

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** What an operator says about the way out, beyond the rule that only public addresses may be reached. */
export interface EgressOptions {
  /** Addresses that jobs may reach although they are not public. */
  readonly allow: readonly EgressRule[];
  /** What jobs may not reach although it is public or allowed. */
  readonly deny?: readonly EgressRule[];
  /** The address of an HTTP proxy, with its credentials; null: connections are made directly. */
  readonly proxy?: string | null;
  /** What is called directly although there is a proxy. */
  readonly noProxy?: readonly EgressRule[];
  /** Whether a request may ask for its certificate not to be checked; not unless said. */
  readonly allowInsecureTls?: boolean;
  /** Looks up names; the system's resolver by default. */
  readonly resolve?: Resolve;
  /** Certificate authorities that are trusted besides the well-known ones; PEM. */
  readonly authorities?: readonly string[];
  /** Most connections to one origin at once; 256 unless said. */
  readonly connectionsPerOrigin?: number;
}

/** A node's only way to other networks. */
export interface Egress {
  readonly fetch: InspectedFetch;
  readonly openSftp: InspectedSftp;
  /** Closes every connection; requests under way fail with CONNECTION_LOST. */
  close(): Promise<void>;
}

/** Opens the way out; one per node. */
export function createEgress({
  allow,
  deny = [],
  proxy: proxyAddress = null,
  noProxy = [],
  allowInsecureTls = false,
  resolve: lookUp = resolveBySystem,
  authorities,
  connectionsPerOrigin = leastConnectionsPerOrigin,
}: EgressOptions): Egress {
  const resolve = sharedWhilePending(lookUp);
  const proxy = proxyAddress === null ? null : createProxy(proxyAddress, noProxy, resolve);
  const profileOf = createTlsProfiles({ authorities, allowInsecure: allowInsecureTls });
  const withoutOptions = profileOf();
  const openSocket = createSocketOpener({ resolve, policy: createAddressPolicy(allow, deny), proxy });
  const connections = createConnections(openSocket, connectionsPerOrigin);
  const sftp = createSftpSessions(openSocket);

  /**
   * A kept connection may be closed at the other end just as a request goes out on it. A request that changes nothing is
   * then sent once more, on a connection of its own (RFC 9112, section 9.3.1); one that may change something never is.
   */
  async function send(
    wanted: WireRequest,
    tls: TlsProfile,
    signal: StopSignal,
  ): Promise<{ answer: Answer; target: Target }> {
    const way = { origin: wanted.url.origin, tls };
    const forwarder = wanted.url.protocol === "http:" && proxy?.serves(targetOf(way.origin)) ? proxy : null;
    const request = forwarder ? { ...wanted, forwarder } : wanted;
    const connection = await connections.take(way, signal);
    const { target, served } = connection;
    try {
      const answer = await exchange(connection, request, signal);
      if (!forwarder || answer.status !== 407) return { answer, target };
      answer.body.destroy();
      throw proxyRefused(target, answer.status);
    } catch (error) {
      const stale = served && error instanceof JobError && error.code === "CONNECTION_LOST";
      if (!stale || signal.aborted || !safeMethods.has(request.method)) throw error;
      return { answer: await exchange(connections.open(way), request, signal), target };
    }
  }

  async function fetch(outgoing: StoppableRequest, inspect?: InspectRequest): Promise<OutgoingResponse> {
    const { signal = neverStopped, maxRedirects, tls: tlsOptions, signedWith } = outgoing;
    signal.throwIfAborted();
    const startedAt = performance.now();
    const redirects: string[] = [];
    const visited = new Set<string>();
    let request = wireRequest(outgoing);
    const { origin } = request.url;
    const ownTls = profileOf(tlsOptions);
    for (;;) {
      const isMeant = request.url.origin === origin;
      const body = isStreamed(request.body) ? null : request.body;
      const own = { ...(tlsOptions && { tls: tlsOptions }), ...(signedWith !== undefined && { signedWith }) };
      inspect?.({ ...request, body, ...(isMeant && own) });
      const tls = isMeant ? ownTls : withoutOptions;
      const { answer, target } = await send(request, tls, signal);
      const next = maxRedirects > 0 ? followed(request, answer, target) : null;
      if (!next) return finished(request, answer, target, redirects, startedAt);

      answer.body.destroy();
      redirects.push(addressOf(request.url));
      visited.add(`${request.method} ${request.url.href}`);
      if (redirects.length > maxRedirects) {
        throw invalidResponse(
          `The answer was redirected more than ${maxRedirects} times; the last one led to ${next.url.origin}${next.url.pathname}.`,
          target,
          { redirects },
        );
      }
      // Nothing that a redirect could have changed (cookies) is kept between requests: the same address again is a loop.
      if (visited.has(`${next.method} ${next.url.href}`)) {
        throw invalidResponse(
          `The redirects go round in a circle: ${next.url.origin}${next.url.pathname} came up twice.`,
          target,
          {
            redirects,
          },
        );
      }
      request = next;
    }
  }

  return {
    fetch,
    openSftp: sftp.open,
    close() {
      sftp.close();
      return connections.close();
    },
  };
}

function wireRequest({ url, method, headers, body }: StoppableRequest): WireRequest {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new JobError("INVALID_PARAMS", `${url.protocol} addresses cannot be called; use http or https.`);
  }
  const sent: Record<string, string> = { ...headers };
  let encoding = false;
  let agent = false;
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    if (unsettableHeaders.has(lower)) {
      throw new JobError("INVALID_PARAMS", `The header ${name} is set by the connection itself; leave it out.`);
    }
    encoding ||= lower === "accept-encoding";
    agent ||= lower === "user-agent";
  }
  if (!encoding) sent["accept-encoding"] = acceptedEncodings;
  if (!agent) sent["user-agent"] = "Punctual";
  return { url, method, headers: sent, body: body ?? null };
}

function followed(request: WireRequest, answer: Answer, target: Target): WireRequest | null {
  try {
    return redirectOf(request, answer.status, answer.headers.location, target);
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

function finished(
  request: WireRequest,
  answer: Answer,
  target: Target,
  redirects: readonly string[],
  startedAt: number,
): OutgoingResponse {
  const { status, statusText, headers, connectTimings, firstByteMs } = answer;
  const encoding = headers["content-encoding"];
  return {
    status,
    statusText,
    headers,
    url: addressOf(request.url),
    redirects,
    body: decodeBody(answer.body, typeof encoding === "string" ? encoding : undefined, target),
    timings: {
      dnsMs: connectTimings?.dnsMs ?? null,
      connectMs: connectTimings?.connectMs ?? null,
      tlsMs: connectTimings?.tlsMs ?? null,
      firstByteMs,
      headMs: performance.now() - startedAt,
    },
  };
}

/** Without credentials and fragment, neither of which is sent. */
function addressOf(url: URL): string {
  return url.origin + url.pathname + url.search;
}
