/**
 * The connections that are open, by origin and TLS profile, so that calls to one service after another need no new handshake.
 *
 * States of a connection: busy → idle → busy …; from both → closed. Invariants: a busy connection serves exactly one
 * request; only one whose answer has been read to its end becomes idle; every socket comes from the opener, which has
 * judged its address, also where undici connects again by itself; an origin has at most `perOrigin` connections of one
 * profile, and those who find none free get the next one in the order in which they came.
 *
 * Customers share connections, but only where they ask for TLS in the very same way: a client's certificate is a
 * credential that is tied to its socket, and a certificate that one customer takes unchecked is nothing for another.
 */
import { Client } from "undici";
import type { StopSignal } from "../model/stop-signal.ts";
import type { Target } from "./address-policy.ts";
import type { ConnectTimings, SocketOpener } from "./open-socket.ts";
import type { TlsProfile } from "./tls-profile.ts";

/** Milliseconds after which an idle connection is closed, unless the server asks for less; below what servers commonly allow (Node: 5 s). */
const idleMs = 4_000;

/** Bytes of all header names and values of an answer together, far above what honest servers send. */
const maxHeaderBytes = 64 * 1024;

/** A connection that its holder has to itself until it releases or discards it. */
export interface Connection {
  readonly target: Target;
  readonly client: Client;
  /** Whether it has served a request before: such a connection may have been closed at the other end meanwhile. */
  readonly served: boolean;
  /** What its making took, told once. */
  takeTimings(): ConnectTimings | undefined;
  /** To be called when the answer has been read to its end. */
  release(): void;
  /** Closes it, and fails what is under way on it with `reason`. */
  discard(reason: Error): void;
}

/** Where a connection leads, and how. */
export interface Way {
  readonly origin: string;
  /** Plays no part where the origin is http. */
  readonly tls: TlsProfile;
}

/** Open connections to lend out, at most `perOrigin` for each origin and TLS profile. */
export interface Connections {
  /** An idle connection to the origin, a new one, or a promise of the next that is free; rejects with the reason of `signal`. */
  take(way: Way, signal: StopSignal): Connection | Promise<Connection>;
  /** A new connection, also where idle ones or too many exist. */
  open(way: Way): Connection;
  /** Closes every connection, busy or not. */
  close(): Promise<void>;
}

interface Origin {
  /** The one used last is at the end: it is the least likely to have been closed at the other end. */
  readonly idle: Connection[];
  readonly all: Set<Connection>;
  readonly waiting: Set<(connection: Connection) => void>;
}

/**
 * Makes an empty set of connections.
 *
 * @param perOrigin connections to one origin at once, at least 1
 */
export function createConnections(openSocket: SocketOpener, perOrigin: number): Connections {
  const origins = new Map<string, Origin>();

  function find(name: string): Origin {
    const known = origins.get(name);
    if (known) return known;
    const made: Origin = { idle: [], all: new Set(), waiting: new Set() };
    origins.set(name, made);
    return made;
  }

  function open(way: Way): Connection {
    const name = nameOf(way);
    const origin = find(name);
    const connection = connect(way, openSocket, {
      idle() {
        const [next] = origin.waiting;
        if (!next) return void origin.idle.push(connection);
        origin.waiting.delete(next);
        next(connection);
      },
      closed() {
        const index = origin.idle.indexOf(connection);
        if (index >= 0) origin.idle.splice(index, 1);
        if (!origin.all.delete(connection)) return;
        const [next] = origin.waiting;
        if (next) {
          origin.waiting.delete(next);
          next(open(way));
        } else if (origin.all.size === 0) {
          origins.delete(name);
        }
      },
      isIdle: () => origin.idle.includes(connection),
    });
    origin.all.add(connection);
    return connection;
  }

  function take(way: Way, signal: StopSignal): Connection | Promise<Connection> {
    const origin = find(nameOf(way));
    const warm = origin.idle.pop();
    if (warm) return warm;
    if (origin.all.size < perOrigin) return open(way);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        origin.waiting.delete(next);
        reject(signal.reason);
      };
      const next = (connection: Connection): void => {
        signal.removeEventListener("abort", abort);
        resolve(connection);
      };
      signal.addEventListener("abort", abort, { once: true });
      origin.waiting.add(next);
    });
  }

  return {
    take,
    open,
    async close() {
      const every = [...origins.values()].flatMap(({ all }) => [...all]);
      origins.clear();
      await Promise.all(every.map(({ client }) => client.destroy()));
    },
  };
}

function nameOf({ origin, tls }: Way): string {
  return origin.startsWith("https:") ? `${origin} ${tls.key}` : origin;
}

interface Owner {
  idle(): void;
  closed(): void;
  isIdle(): boolean;
}

function connect({ origin, tls }: Way, openSocket: SocketOpener, owner: Owner): Connection {
  const target = targetOf(origin);
  const secure = origin.startsWith("https:");
  const gone = new AbortController();
  let timings: ConnectTimings | undefined;
  let served = false;

  const client = new Client(origin, {
    connect(_, callback) {
      openSocket(target, secure ? tls : "http", gone.signal).then(
        (opened) => {
          timings = opened.timings;
          callback(null, opened.socket);
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error("closed", { cause: error }), null),
      );
    },
    // The signal of each request is the only clock: a job's own timeout must not be cut short here.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: idleMs,
    // A server may name ten minutes, and a job call thousands of them: each would be a socket.
    keepAliveMaxTimeout: idleMs,
    maxHeaderSize: maxHeaderBytes,
    pipelining: 1,
    allowH2: false,
  });
  // The other end, or the idle timer, has closed it. A busy one is the business of its request.
  client.on("disconnect", () => {
    if (owner.isIdle()) connection.discard(new Error("closed while idle"));
  });

  const connection: Connection = {
    target,
    client,
    get served() {
      return served;
    },
    takeTimings() {
      const taken = timings;
      timings = undefined;
      return taken;
    },
    release() {
      served = true;
      owner.idle();
    },
    discard(reason) {
      gone.abort(reason);
      void client.destroy(reason);
      owner.closed();
    },
  };
  return connection;
}

/** Where the origin of a URL leads. */
export function targetOf(origin: string): Target {
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return { host, port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port) };
}
