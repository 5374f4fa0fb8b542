import { measureLag } from "../store/schedules/measure-lag.ts";
import type { Context } from "./context.ts";

/** Whether a node should be sent work, and what an operator may want to know besides. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: { readonly node: string; readonly database: string };
  /** Null where the database does not tell. */
  readonly details: {
    readonly schedulerLagSeconds: number | null;
    readonly schedulerBacklogSeconds: number | null;
    readonly mail: string;
  };
}

/** Whether this node should be sent work: it does not drain, and the database answers. */
export async function checkReadiness(context: Context, state: "running" | "draining"): Promise<Readiness> {
  // The cheapest sign that the database answers and has our schema: two looks at indexes.
  const lag = await measureLag(context.database.sql).catch(() => null);
  return {
    ready: state === "running" && lag !== null,
    checks: { node: state, database: lag === null ? "cannot be reached" : "ok" },
    details: {
      schedulerLagSeconds: lag?.due ?? null,
      schedulerBacklogSeconds: lag?.backlog ?? null,
      mail: context.mail ? "is sent" : "waits in the outbox until SMTP_URL is set",
    },
  };
}
