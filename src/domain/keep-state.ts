import type { JsonText } from "../model/job.ts";
import { JobError } from "../model/job-errors.ts";
import type { Context } from "./context.ts";
import { requireSecretKey } from "./steps/require-secret-key.ts";
import { isSealedState, openState, type StateOwner, sealState } from "./steps/sealed-state.ts";

/** Keeps what a job leaves for its next run, encrypted where it holds a secret. */
export interface StateKeeper {
  /** @param holdsSecret whether a secret was found in it */
  write(job: StateOwner, state: JsonText, holdsSecret: "secret" | "none"): JsonText;
  /** @throws JobError SECRET_UNREADABLE */
  read(job: StateOwner, state: unknown): unknown;
}

/** Makes the keeper of a node. */
export function createStateKeeper(context: Pick<Context, "secretKeys">): StateKeeper {
  return {
    write(job, state, holdsSecret) {
      if (holdsSecret === "none" && !(state.startsWith("{") && isSealedState(JSON.parse(state)))) return state;
      return sealState(requireSecretKey(context), job, state);
    },
    read(job, state) {
      if (!isSealedState(state)) return state;
      try {
        return JSON.parse(openState(context.secretKeys, job, state));
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const told = `What the job kept for this run holds a secret and cannot be read: ${reason}.`;
        throw new JobError("SECRET_UNREADABLE", told, { cause });
      }
    },
  };
}
