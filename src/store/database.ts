/**
 * The connection to PostgreSQL: a pool, a deadline for every statement, transactions, and LISTEN.
 *
 * States: open → closed. Invariants: no statement waits longer than its deadline, also where PostgreSQL is frozen and
 * says nothing; a pool that holds a statement past its deadline is replaced, so that dead connections do not pile up;
 * nothing is repeated here but what the caller declares repeatable.
 */
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { DeadlineExceeded, isPassing } from "./database-errors.ts";
import type { Sql } from "./sql.ts";

/** Where PostgreSQL is: one URL (several hosts allowed), or the socket of the embedded one. */
export type Connection =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** The part of a logger that is needed here. */
interface Log {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface DatabaseOptions {
  readonly connection: Connection;
  /** For LISTEN and migrations where `connection` goes through a transaction pooler. */
  readonly direct?: Connection;
  /** Connections of the pool, 1–100. */
  readonly poolSize: number;
  readonly log: Log;
}

/** Longest that a statement, or a whole transaction, may take. */
const statementDeadlineMs = 10_000;
const transactionDeadlineMs = 20_000;
/** How long a repeatable piece of work is tried while the database is away. */
const repeatForMs = 5_000;

/** One connection for as long as it is needed, without deadlines. */
export interface Session {
  readonly sql: Sql;
  /** Runs statements that are written in a file of ours. */
  script(text: string): Promise<void>;
}

export interface Database {
  readonly sql: Sql;
  /** Runs `work` in one transaction: all of it, or nothing. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs `work` again while the database is away, for up to `forMs` (5 s); only for what may safely be done twice. */
  repeatable<T>(work: (sql: Sql) => Promise<T>, forMs?: number): Promise<T>;
  /** Calls `heard` for each NOTIFY, and `connected` whenever listening (re)starts. @returns a way to stop. */
  listen(channel: string, heard: (payload: string) => void, connected: () => void): Promise<() => Promise<void>>;
  /** A session of its own, not from the pool and not through a pooler, for migrations. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type Pool = postgres.Sql<{ date: Date; day: string }>;

function openPool(options: DatabaseOptions, connection: Connection, max: number): Pool {
  const settings = {
    max,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    target_session_attrs: "primary" as const,
    // A transaction pooler hands each statement to another session, which does not know statements prepared before.
    prepare: options.direct === undefined,
    onnotice: (notice: postgres.Notice) => options.log.debug({ notice }, "notice from PostgreSQL"),
    connection: { application_name: "punctual" },
    types: {
      date: {
        to: 1184,
        from: [1114, 1184],
        serialize: (value: Date) => value.toISOString(),
        parse: (text: string) => new Date(text),
      },
      day: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (text: string) => text },
    },
  };
  const socket = "url" in connection ? readSocketUrl(connection.url) : connection;
  if ("url" in socket) return postgres(socket.url, settings);
  return postgres({ ...settings, ...socket });
}

/** `postgres:///database?host=/folder&user=name`, as libpq writes a socket (PostgreSQL docs, "Connection URIs"). */
function readSocketUrl(text: string): Connection {
  const url = URL.parse(text);
  const host = url?.searchParams.get("host");
  if (!url || !host?.startsWith("/")) return { url: text };
  const { searchParams, pathname } = url;
  return {
    host,
    port: Number(searchParams.get("port") ?? 5432),
    user: searchParams.get("user") ?? "postgres",
    database: decodeURIComponent(pathname.slice(1)),
  };
}

/** Opens the database; connections are made when they are first needed. */
export function openDatabase(options: DatabaseOptions): Database {
  const direct = options.direct ?? options.connection;
  let pool = openPool(options, options.connection, options.poolSize);
  let listener: Pool | undefined;

  /** The stuck connections die with the old pool; new statements go through a new one. */
  function replacePool(stuck: Pool): void {
    if (pool !== stuck) return;
    options.log.warn({}, "a statement passed its deadline; the database connections are made anew");
    pool = openPool(options, options.connection, options.poolSize);
    stuck.end({ timeout: 5 }).catch((error: unknown) => options.log.debug({ err: error }, "old connections"));
  }

  function bounded<T>(work: Promise<T>, milliseconds: number, from: Pool): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        replacePool(from);
        reject(new DeadlineExceeded(milliseconds));
      }, milliseconds);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  const sql: Sql = (text, ...values) => {
    const from = pool;
    return bounded(runOn(from, text, values), statementDeadlineMs, from);
  };

  async function transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const from = pool;
    const run = from.begin(async (session) => {
      const limits = session`
        select set_config('statement_timeout', ${String(statementDeadlineMs)}, true),
               set_config('idle_in_transaction_session_timeout', ${String(statementDeadlineMs)}, true)`.execute();
      // Sent together: the limits cost no round trip of their own.
      const [answer] = await Promise.all([work((text, ...values) => runOn(session, text, values)), limits]);
      return { answer };
    });
    return (await bounded(run, transactionDeadlineMs, from)).answer;
  }

  async function repeatable<T>(work: (sql: Sql) => Promise<T>, forMs = repeatForMs): Promise<T> {
    const until = performance.now() + forMs;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      try {
        return await work(sql);
      } catch (error) {
        if (!isPassing(error) || performance.now() + pause > until) throw error;
        await delay(pause);
      }
    }
  }

  return {
    sql,
    transaction,
    repeatable,
    async listen(channel, heard, connected) {
      listener ??= openPool(options, direct, 1);
      const { unlisten } = await listener.listen(channel, heard, connected);
      return unlisten;
    },
    async session(work) {
      const own = openPool(options, direct, 1);
      try {
        const session = await own.reserve();
        return await work({
          sql: (text, ...values) => runOn(session, text, values),
          script: async (text) => {
            await session.unsafe(text).simple();
          },
        }).finally(() => session.release());
      } finally {
        await own.end({ timeout: 5 });
      }
    },
    async close() {
      await Promise.all([pool.end({ timeout: 5 }), listener?.end({ timeout: 5 })]);
    },
  };
}

type Runner = Pool | postgres.TransactionSql<{ date: Date; day: string }>;

async function runOn<Row extends object>(
  runner: Runner,
  text: TemplateStringsArray,
  values: readonly postgres.ParameterOrFragment<Date | string>[],
): Promise<Row[]> {
  return [...(await runner<Row[]>(text, ...values))];
}
