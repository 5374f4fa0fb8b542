/** Makes a connection that has been checked: looks up, judges, and connects to the very addresses that were judged. */
import { isIP, type Socket } from "node:net";
import { connect as startTls, type TLSSocket } from "node:tls";
import type { AddressPolicy, Target } from "./address-policy.ts";
import { addressNotAllowed, connectTimedOut, toJobError, withTimings } from "./egress-errors.ts";
import type { Resolve } from "./look-up.ts";
import { raceAddresses } from "./race-addresses.ts";
import type { ForwardProxy } from "./through-proxy.ts";
import type { TlsProfile } from "./tls-profile.ts";

/** The longest that look-up, TCP and TLS may take together, in milliseconds: a dead host must not eat a job's whole time. */
const deadlineMs = 15_000;

/** Milliseconds that the making of a connection took. */
export interface ConnectTimings {
  /** `null` where the host was an address. */
  readonly dnsMs: number | null;
  /** `null` where it did not come so far. */
  readonly connectMs: number | null;
  /** `null` for http. */
  readonly tlsMs: number | null;
}

/** A connected socket, past its TLS handshake where there is one. */
export interface OpenSocket {
  readonly socket: Socket | TLSSocket;
  readonly timings: ConnectTimings;
}

/** How an opener looks up names and judges addresses, and what it goes through. */
export interface SocketOpenerOptions {
  readonly resolve: Resolve;
  readonly policy: AddressPolicy;
  readonly proxy: ForwardProxy | null;
}

/**
 * Opens a connection to `target`, or one through which the operator's proxy forwards to it.
 *
 * @throws JobError HOST_NOT_FOUND, ADDRESS_NOT_ALLOWED, CONNECTION_REFUSED, CONNECTION_LOST, TLS_ERROR; the reason of
 *   `signal` when it is aborted.
 */
export type SocketOpener = (target: Target, tls: Layer, signal: AbortSignal) => Promise<OpenSocket>;

/** What is spoken on a connection: TLS, plain http, or another protocol, which a proxy passes on as it is. */
export type Layer = TlsProfile | "http" | "other";

/** Makes the opener. It keeps nothing between calls: each connection is looked up and judged anew. */
export function createSocketOpener({ resolve, policy, proxy }: SocketOpenerOptions): SocketOpener {
  /** The proxy looks the name up again, and may choose any of its addresses: each must be one that jobs may reach. */
  async function judgeAll(target: Target, signal: AbortSignal): Promise<void> {
    if (policy.allowsByName(target)) return;
    const addresses = isIP(target.host) ? [target.host] : await abortable(resolve(target.host), signal);
    allowedAddresses(target, addresses, policy);
    for (const address of addresses) {
      const refusal = policy.judge(target, address);
      if (refusal !== null) throw addressNotAllowed(target, address, refusal);
    }
  }

  return async function openSocket(target, tls, signal) {
    let stage: "lookup" | "connect" | "tls" = "lookup";
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(connectTimedOut(target, deadlineMs, stage)), deadlineMs);
    const either = AbortSignal.any([signal, limit.signal]);
    const startedAt = performance.now();
    let lookedUpAt: number | undefined;
    let connectedAt: number | undefined;
    const timings = (): ConnectTimings => ({
      dnsMs: isIP(target.host) ? null : (lookedUpAt ?? performance.now()) - startedAt,
      connectMs: lookedUpAt === undefined ? null : (connectedAt ?? performance.now()) - lookedUpAt,
      tlsMs: connectedAt === undefined || typeof tls === "string" ? null : performance.now() - connectedAt,
    });
    try {
      const through = proxy?.serves(target) ? proxy : null;
      let allowed: readonly string[] = [];
      if (through) {
        await judgeAll(target, either);
      } else {
        const addresses = isIP(target.host) ? [target.host] : await abortable(resolve(target.host), either);
        allowed = allowedAddresses(target, addresses, policy);
      }
      lookedUpAt = performance.now();

      stage = "connect";
      const tcp = through
        ? await abortable(through.connect(target, either), either)
        : await raceAddresses(allowed, target.port, either);
      if (through && tls !== "http") await through.tunnel(tcp, target, either);
      connectedAt = performance.now();

      stage = "tls";
      const socket = typeof tls === "string" ? tcp : await secured(tcp, target, tls, either);
      return { socket, timings: timings() };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw withTimings(toJobError(error, target), timings());
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * The public ones among several addresses are used, and the others never connected to: a host that publishes a private
 * address beside its public one is still the public host that the caller named.
 */
function allowedAddresses(target: Target, addresses: readonly string[], policy: AddressPolicy): readonly string[] {
  const judged = addresses.map((address) => ({ address, refusal: policy.judge(target, address) }));
  const allowed = judged.filter(({ refusal }) => refusal === null).map(({ address }) => address);
  if (allowed.length > 0) return allowed;
  const [first] = judged;
  if (!first || first.refusal === null) throw Object.assign(new Error("no addresses"), { code: "ENODATA" });
  throw addressNotAllowed(target, first.address, first.refusal);
}

/**
 * TLS over a connection that exists. Sessions are not kept for resumption: TLS does not check the name in a
 * certificate again when it resumes, and kept connections save the handshake already.
 */
function secured(tcp: Socket, target: Target, tls: TlsProfile, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    // RFC 6066, section 3: a server name is a DNS name without its trailing dot, never an address.
    const name = tls.serverName ?? target.host.replace(/\.$/, "");
    const socket = startTls({
      socket: tcp,
      host: name,
      ...(isIP(name) ? {} : { servername: name }),
      secureContext: tls.context,
      rejectUnauthorized: !tls.insecure,
      ALPNProtocols: ["http/1.1"],
    });
    const fail = (error: unknown): void => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      tcp.destroy();
      reject(error);
    };
    const abort = (): void => fail(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    const closed = (): void =>
      fail(Object.assign(new Error("closed during the TLS handshake"), { code: "ECONNRESET" }));
    socket.on("error", fail);
    socket.once("close", closed);
    // The TLS socket reads from here on; without a listener an error of the socket below would end the process.
    tcp.on("error", () => undefined);
    socket.once("secureConnect", () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", fail);
      socket.off("close", closed);
      resolve(socket);
    });
  });
}

/** A look-up cannot be stopped; who waits for it can. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
