/**
 * Transactions, each on a connection of its own.
 *
 * States of a lane (a connection): idle → taken → idle, or → lost. Invariants: a lane carries one transaction at a time and
 * one statement at a time; once it is lost nothing more is sent on it, neither the rest of the transaction, which a new
 * connection would run outside of it, nor a `rollback`; a transaction that was not wholly written is told as failed, and
 * one whose `commit` got no answer as unknown; statements after the end of their transaction are refused.
 *
 * The `begin` of the `postgres` package keeps none of this when a connection is lost: its `rollback` is then written
 * to a socket that is gone, which ends the process.
 */
import { ConnectionLost, DeadlineExceeded, isAnswer } from "./database-errors.ts";
import { type Pool, runOn } from "./pool.ts";
import type { Sql } from "./sql.ts";

/** Runs transactions, a bounded number at once; others wait for their turn. */
export interface Transactions {
  /** Runs `work` in one transaction: all of it, or nothing. */
  run<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How many transactions there may be, and how long each may take, in milliseconds. */
export interface TransactionOptions {
  /** Transactions at once. */
  readonly most: number;
  /** Longest that a whole transaction may take, the wait for a connection included. */
  readonly deadlineMs: number;
  readonly statementDeadlineMs: number;
  /** Opens a pool of one connection. */
  open(onClose: () => void): Pool;
}

interface Lane {
  readonly pool: Pool;
  state: "idle" | "taken" | "lost";
}

/** Makes the transactions of a database. */
export function createTransactions(options: TransactionOptions): Transactions {
  const lanes = new Set<Lane>();
  const waiting: (() => void)[] = [];
  const begin =
    `begin; set local statement_timeout = ${options.statementDeadlineMs}; ` +
    `set local idle_in_transaction_session_timeout = ${options.statementDeadlineMs}`;
  let closed = false;

  function open(): Lane {
    const lane: Lane = { pool: options.open(() => lose(lane)), state: "taken" };
    lanes.add(lane);
    return lane;
  }

  function lose(lane: Lane): void {
    if (lane.state === "lost") return;
    lane.state = "lost";
    lanes.delete(lane);
    lane.pool.end({ timeout: 0 }).catch(() => undefined);
    waiting.shift()?.();
  }

  /** @param given aborted when the transaction's time is over */
  async function take(given: AbortSignal): Promise<Lane> {
    for (;;) {
      if (closed || given.aborted) throw new ConnectionLost();
      const idle = [...lanes].find((lane) => lane.state === "idle");
      if (idle) {
        idle.state = "taken";
        return idle;
      }
      if (lanes.size < options.most) return open();
      await turn(given);
    }
  }

  function turn(given: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      waiting.push(resolve);
      const leave = (): void => {
        const place = waiting.indexOf(resolve);
        if (place >= 0) waiting.splice(place, 1);
        resolve();
      };
      given.addEventListener("abort", leave, { once: true });
    });
  }

  function giveBack(lane: Lane): void {
    if (lane.state === "taken") lane.state = "idle";
    waiting.shift()?.();
  }

  async function send<T>(lane: Lane, statement: () => Promise<T>): Promise<T> {
    if (lane.state === "lost") throw new ConnectionLost();
    try {
      return await statement();
    } catch (error) {
      if (!isAnswer(error)) lose(lane);
      throw error;
    }
  }

  async function runIn<T>(lane: Lane, work: (sql: Sql) => Promise<T>): Promise<T> {
    let state: "open" | "over" = "open";
    let last: Promise<unknown> = send(lane, () => lane.pool.unsafe(begin).simple());
    const sql: Sql = (text, ...values) => {
      const mine = last.then(() => {
        if (state === "over") throw new ConnectionLost();
        return send(lane, () => runOn<never>(lane.pool, text, values));
      });
      last = mine.catch(() => undefined);
      return mine;
    };
    await last;
    try {
      const answer = await work(sql);
      await last;
      state = "over";
      const { command } = await send(lane, () => lane.pool.unsafe("commit").simple());
      if (command === "COMMIT") return answer;
      throw new Error("a transaction went on after one of its statements had failed; all of it was undone");
    } catch (error) {
      if (state === "open") {
        state = "over";
        await last;
        await send(lane, () => lane.pool.unsafe("rollback").simple()).catch(() => undefined);
      }
      throw error;
    }
  }

  return {
    async run(work) {
      const time = new AbortController();
      let lane: Lane | undefined;
      let timer: NodeJS.Timeout | undefined;
      const over = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          time.abort();
          if (lane) lose(lane);
          reject(new DeadlineExceeded(options.deadlineMs));
        }, options.deadlineMs);
      });
      const ran = take(time.signal).then((taken) => {
        lane = taken;
        return runIn(taken, work).finally(() => giveBack(taken));
      });
      return await Promise.race([ran, over]).finally(() => clearTimeout(timer));
    },
    async close() {
      closed = true;
      const all = [...lanes];
      for (const wake of waiting.splice(0)) wake();
      await Promise.all(all.map((lane) => lane.pool.end({ timeout: 5 })));
    },
  };
}
