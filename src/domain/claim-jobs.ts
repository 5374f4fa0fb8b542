import { randomUUID } from "node:crypto";
import { fairShares } from "../model/fair-shares.ts";
import { type ClaimedJob, claimJobs as claim } from "../store/jobs/claim-jobs.ts";
import { listWaitingCustomers } from "../store/jobs/list-waiting-customers.ts";
import type { Context } from "./context.ts";

export type { ClaimedJob };

/** What a node has to give when it claims. */
export interface Slots {
  readonly all: number;
  /** Jobs that run here, by customer. */
  readonly running: ReadonlyMap<string, number>;
  /** Jobs to be taken at most. */
  readonly limit: number;
  /** The customer after which the walk begins; the caller moves it along from claim to claim. */
  readonly startAfter: string;
}

/** What a claim found. */
export interface Claim {
  readonly jobs: readonly ClaimedJob[];
  /** Whether any job was ready, taken or not. */
  readonly found: "some" | "none";
  /** The last customer whose turn it was. */
  readonly lastCustomer: string | undefined;
}

/** Takes ready jobs for this node, fairly among the customers that have some (`fairShares`). */
export async function claimJobs(context: Context, slots: Slots): Promise<Claim> {
  const { sql } = context.database;
  const { customers, alone } = await listWaitingCustomers(
    sql,
    slots.startAfter,
    // Only a customer that has jobs running here may be allowed no more: behind all of those, enough are left for every slot.
    slots.limit + slots.running.size,
  );
  const found = customers.length > 0 ? "some" : "none";
  const shares = fairShares(slots.all, slots.limit, slots.running, customers, alone);
  if (shares.size === 0) return { jobs: [], found, lastCustomer: undefined };
  const jobs = await claim(sql, { nodeId: context.node.nodeId, claim: randomUUID(), shares });
  return { jobs, found, lastCustomer: [...shares.keys()].at(-1) };
}
