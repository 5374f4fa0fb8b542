import { randomUUID } from "node:crypto";
import { fairShares } from "../model/fair-shares.ts";
import { type ClaimedJob, claimJobs as claim } from "../store/jobs/claim-jobs.ts";
import { listWaitingCustomers, type WaitingCustomers } from "../store/jobs/list-waiting-customers.ts";
import type { Context } from "./context.ts";

export type { ClaimedJob, WaitingCustomers };

/** What a node has to give when it claims. */
export interface Slots {
  readonly all: number;
  /** Jobs that run here, or were taken ahead, by customer. */
  readonly running: ReadonlyMap<string, number>;
  /** Jobs of each customer that may be taken before there are slots for them. */
  readonly ahead: ReadonlyMap<string, number>;
  /** Jobs to be taken at most. */
  readonly limit: number;
  /** The customer after which the walk begins; the caller moves it along from claim to claim. */
  readonly startAfter: string;
  /** Whose jobs are ready; undefined where that must be looked for. */
  readonly known: WaitingCustomers | undefined;
}

/** What a claim found. */
export interface Claim {
  readonly jobs: readonly ClaimedJob[];
  /** What was looked for, or known. */
  readonly waiting: WaitingCustomers;
  /** The last customer whose turn it was. */
  readonly lastCustomer: string | undefined;
}

/** Takes ready jobs for this node, fairly among the customers that have some (`fairShares`). */
export async function claimJobs(context: Context, slots: Slots): Promise<Claim> {
  const sql = context.database.steady;
  const waiting =
    slots.known ??
    (await listWaitingCustomers(
      sql,
      slots.startAfter,
      // Only a customer that has jobs running here may be allowed no more: behind all of those, enough are left for every slot.
      slots.limit + slots.running.size,
    ));
  const shares = fairShares(slots.all, slots.limit, slots.running, waiting.customers, waiting.alone, slots.ahead);
  if (shares.size === 0) return { jobs: [], waiting, lastCustomer: undefined };
  const jobs = await claim(sql, { nodeId: context.node.nodeId, claim: randomUUID(), shares });
  return { jobs, waiting, lastCustomer: [...shares.keys()].at(-1) };
}
