/**
 * The connection to PostgreSQL: a deadline for every statement, transactions, and LISTEN.
 *
 * Invariants: no statement waits longer than its deadline; nothing is repeated here but what the caller declares repeatable.
 */
import { setTimeout as delay } from "node:timers/promises";
import { ConnectionLost, isPassing } from "./database-errors.ts";
import { createLane, type Lane } from "./lane.ts";
import { type Ear, startListening } from "./listener.ts";
import { type Connection, openPool, type PoolOptions, runOn, type StoreLog } from "./pool.ts";
import type { Sql } from "./sql.ts";
import { createTransactions } from "./transactions.ts";

export type { Connection, Ear };

/** How to reach PostgreSQL, and with how many connections. */
export interface DatabaseOptions {
  readonly connection: Connection;
  /** For LISTEN and migrations where `connection` goes through a transaction pooler. */
  readonly direct?: Connection;
  /** Connections, 3–100: a third of them for transactions, a third for what is steady. LISTEN and what is urgent have one each besides. */
  readonly poolSize: number;
  readonly log: StoreLog;
}

/** Longest that a whole transaction may take. */
const transactionDeadlineMs = 20_000;
/** PostgreSQL gives up a little before a statement's deadline: one that is merely slow then costs nobody else's connection. */
const statementTimeoutMs = 9_500;
/** How long a repeatable piece of work is tried while the database is away. */
const repeatForMs = 5_000;

/** One connection for as long as it is needed, without deadlines. */
export interface Session {
  readonly sql: Sql;
  /** Runs statements that are written in a file of ours. */
  script(text: string): Promise<void>;
}

/** What the connections of a pool have to do. */
export interface PoolLoad {
  /** Begun and not ended, whether it has a connection or waits for one. */
  readonly underWay: number;
  readonly connections: number;
}

/** PostgreSQL, with a deadline on everything that is asked of it. */
export interface Database {
  readonly sql: Sql;
  /**
   * For statements that run all the time, and whose best plan is the same whatever their values: each connection plans them once. Not
   * for those of which a value leaves out a part, or whose rows differ much by value.
   */
  readonly steady: Sql;
  /** On a connection of its own: for what must not wait behind other statements. */
  readonly urgent: Sql;
  /** Runs `work` in one transaction: all of it, or nothing. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs `work` again while the database is away, for up to `forMs` (5 s); only for what may safely be done twice. */
  repeatable<T>(work: (sql: Sql) => Promise<T>, forMs?: number, sql?: Sql): Promise<T>;
  /** Hears NOTIFY, by channel. @returns a way to stop */
  listen(ears: ReadonlyMap<string, Ear>): Promise<() => Promise<void>>;
  /** A session of its own, not from the pool and not through a pooler, for migrations. */
  session<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** How much is under way now: statements on their own, and transactions. */
  load(): { readonly statements: PoolLoad; readonly transactions: PoolLoad };
  close(): Promise<void>;
}

/** Opens the database; connections are made when they are first needed. */
export function openDatabase(options: DatabaseOptions): Database {
  const { log, connection } = options;
  const through = options.direct === undefined ? "nothing" : "pooler";
  const direct: Omit<PoolOptions, "max"> = { connection: options.direct ?? connection, through: "nothing", log };
  const pooled: Omit<PoolOptions, "max"> = { connection, through, statementTimeoutMs, log };
  const forTransactions = Math.max(1, Math.floor(options.poolSize / 3));
  const transactions = createTransactions({
    most: forTransactions,
    deadlineMs: transactionDeadlineMs,
    statementDeadlineMs: statementTimeoutMs,
    open: (onClose) => openPool({ ...pooled, max: 1, onClose }),
  });
  const forSteady = Math.max(1, Math.floor(options.poolSize / 3));
  const forStatements = Math.max(1, options.poolSize - forTransactions - forSteady);
  const statements = createLane(() => openPool({ ...pooled, max: forStatements }), log);
  const steadily = createLane(() => openPool({ ...pooled, max: forSteady, plans: "once" }), log);
  const urgent = createLane(() => openPool({ ...pooled, max: 1 }), log);
  const underWay = { statements: 0, transactions: 0 };
  const listeners: (() => Promise<void>)[] = [];

  const counted =
    (lane: Lane): Sql =>
    async (text, ...values) => {
      underWay.statements += 1;
      try {
        return await lane.sql(text, ...values);
      } finally {
        underWay.statements -= 1;
      }
    };
  const sql = counted(statements);
  const steady = counted(steadily);

  async function repeatable<T>(work: (sql: Sql) => Promise<T>, forMs = repeatForMs, on = sql): Promise<T> {
    const until = performance.now() + forMs;
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      try {
        return await work(on);
      } catch (error) {
        if (!isPassing(error) || performance.now() + pause > until) throw error;
        await delay(pause);
      }
    }
  }

  return {
    sql,
    steady,
    urgent: urgent.sql,
    async transaction(work) {
      underWay.transactions += 1;
      try {
        return await transactions.run(work);
      } finally {
        underWay.transactions -= 1;
      }
    },
    load: () => ({
      statements: { underWay: underWay.statements, connections: forStatements + forSteady },
      transactions: { underWay: underWay.transactions, connections: forTransactions },
    }),
    repeatable,
    async listen(ears) {
      const stop = await startListening({ ears, log, open: (hears) => openPool({ ...direct, ...hears, max: 1 }) });
      listeners.push(stop);
      return stop;
    },
    async session(work) {
      let connection: "sound" | "lost" = "sound";
      const onClose = (): void => {
        connection = "lost";
      };
      const own = openPool({ ...direct, onClose, max: 1 });
      // Another connection would know nothing of this one's locks and transaction.
      const requireSound = (): void => {
        if (connection === "lost") throw new ConnectionLost();
      };
      try {
        return await work({
          async sql(text, ...values) {
            requireSound();
            return runOn(own, text, values);
          },
          async script(text) {
            requireSound();
            await own.unsafe(text).simple();
          },
        });
      } finally {
        await own.end({ timeout: 5 });
      }
    },
    async close() {
      const ends = [statements, steadily, urgent, transactions].map((one) => one.close());
      await Promise.all([...ends, ...listeners.map((stop) => stop())]);
    },
  };
}
