/** The operator's HTTP proxy: which targets are called through it, and connections to it. */
import { request as httpRequest } from "node:http";
import { isIP, type Socket } from "node:net";
import type { EgressRule } from "../model/egress-rules.ts";
import { JobError } from "../model/job-errors.ts";
import type { Target } from "./address-policy.ts";
import { codeOf, hostAndPort } from "./egress-errors.ts";
import type { Resolve } from "./look-up.ts";
import { raceAddresses } from "./race-addresses.ts";
import { createRules, parseAddress } from "./rules.ts";

/** Bytes of the head with which a proxy answers CONNECT. */
const maxHeadBytes = 16 * 1024;

/** A proxy that forwards requests for http (RFC 9112, section 3.2.2) and tunnels https (RFC 9110, section 9.3.6). */
export interface ForwardProxy {
  /** Whether calls to `target` go through it. */
  serves(target: Target): boolean;
  /** The value of `proxy-authorization`; null where it wants none. */
  readonly authorization: string | null;
  /**
   * Opens a connection to the proxy. Its own address is the operator's word and is not judged.
   *
   * @throws JobError CONNECTION_LOST
   */
  connect(target: Target, signal: AbortSignal): Promise<Socket>;
  /**
   * Has the proxy connect `socket` to `target`.
   *
   * @throws JobError CONNECTION_REFUSED where it does not want to or cannot, CONNECTION_LOST
   */
  tunnel(socket: Socket, target: Target, signal: AbortSignal): Promise<void>;
}

/**
 * Reads a proxy's address; opens nothing yet.
 *
 * @param address `http://user:password@host:port`
 * @param direct what is called without it
 */
export function createProxy(address: string, direct: readonly EgressRule[], resolve: Resolve): ForwardProxy {
  const url = new URL(address);
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const port = url.port === "" ? 80 : Number(url.port);
  const rules = createRules(direct);
  const authorization =
    url.username === "" && url.password === ""
      ? null
      : `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString("base64")}`;

  async function connect(target: Target, signal: AbortSignal): Promise<Socket> {
    try {
      return await raceAddresses(isIP(host) ? [host] : await resolve(host), port, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw proxyLost(target, error);
    }
  }

  function tunnel(socket: Socket, target: Target, signal: AbortSignal): Promise<void> {
    return new Promise((done, reject) => {
      const at = hostAndPort(target);
      const request = httpRequest({
        method: "CONNECT",
        path: at,
        headers: { host: at, ...(authorization !== null && { "proxy-authorization": authorization }) },
        createConnection: () => socket,
        maxHeaderSize: maxHeadBytes,
      });
      const over = (): void => signal.removeEventListener("abort", abort);
      const fail = (error: unknown): void => {
        over();
        socket.destroy();
        reject(error);
      };
      const abort = (): void => {
        fail(signal.reason);
        request.destroy();
      };
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      request.on("error", (error) => fail(proxyLost(target, error)));
      request.on("connect", ({ statusCode = 0 }, _socket, beyond) => {
        if (statusCode < 200 || statusCode > 299) return fail(proxyRefused(target, statusCode));
        over();
        // The other end of a tunnel may speak before it is spoken to.
        if (beyond.length > 0) socket.unshift(beyond);
        done();
      });
      request.end();
    });
  }

  return {
    serves(target) {
      const literal = parseAddress(target.host);
      return !rules.matchHost(target) && !(literal && rules.matchAddress(target.port, [literal]));
    },
    authorization,
    connect,
    tunnel,
  };
}

/** The proxy said so, instead of passing the request on. Its address is nothing for the job's owner to know. */
export function proxyRefused(target: Target, status: number): JobError {
  const at = hostAndPort(target);
  const message =
    status === 407
      ? `The proxy through which this node calls ${at} wants other credentials; have the operator check PUNCTUAL_EGRESS_PROXY.`
      : `The proxy through which this node calls out did not connect to ${at}: it answered ${status}. Check that the service is up; if it is, have the operator look at the proxy's rules.`;
  return new JobError("CONNECTION_REFUSED", message, {
    details: { host: target.host, port: target.port, reason: "PROXY_REFUSED", proxyStatus: status },
  });
}

function proxyLost(target: Target, error: unknown): JobError {
  const reason = codeOf(error);
  return new JobError(
    "CONNECTION_LOST",
    `The proxy through which this node calls ${hostAndPort(target)} could not be used (${reason}); have the operator check PUNCTUAL_EGRESS_PROXY and that the proxy runs.`,
    { cause: error, details: { host: target.host, port: target.port, reason: `PROXY_${reason}` } },
  );
}
