/**
 * The states of a job and every transition between them. `docs/state-machine.md` draws this table, and a test
 * holds the drawing equal to it.
 *
 * An unfinished job has one row in `job_queue`, in one of the queue's states. A finished one has none: it is `done`.
 */

/** The states of a row of `job_queue`. */
export const queueStates = ["scheduled", "held", "blocked", "ready", "claimed", "waiting"] as const;

/** The state of an unfinished job. */
export type QueueState = (typeof queueStates)[number];

/** What callers see: a job is STARTED from the moment its id exists until it has ended. */
export type JobStatus = "STARTED" | "COMPLETED" | "FAILED";

/** Every `JobStatus`, for schemas and filters. */
export const jobStatuses = ["STARTED", "COMPLETED", "FAILED"] as const;

/** What callers see beside the status. */
export type JobPhase = "SCHEDULED" | "QUEUED" | "RUNNING" | "WAITING" | "RETRYING" | "DONE";

/** Every `JobPhase`, for schemas and filters. */
export const jobPhases = ["SCHEDULED", "QUEUED", "RUNNING", "WAITING", "RETRYING", "DONE"] as const;

/** What holds a job that does not run; null while it runs and once it is done. */
export type WaitingFor = "runAt" | "slot" | "customerLimit" | "definitionLimit" | "overlap" | "children" | "timer";

/** The state of any job. */
export type JobState = QueueState | "done";

/** A step that a job can take. `from: null` is its creation. */
export interface Transition {
  readonly event: string;
  readonly from: JobState | null;
  readonly to: JobState;
  readonly when: string;
}

/** Every step that a job can take; whatever is not here does not happen. */
export const transitions = [
  { event: "create", from: null, to: "ready", when: "it may start at once" },
  { event: "create", from: null, to: "scheduled", when: "its runAt is ahead" },
  { event: "create", from: null, to: "blocked", when: "a limit applies to it" },
  { event: "hold", from: "ready", to: "held", when: "in its creation: its schedule's overlap rule holds it" },
  { event: "hold", from: "blocked", to: "held", when: "in its creation: its schedule's overlap rule holds it" },
  { event: "let", from: "held", to: "ready", when: "the job that it waited for has ended, or may overlap" },
  { event: "let", from: "held", to: "blocked", when: "the same, and a limit applies to it" },
  { event: "cancel", from: "held", to: "done", when: "somebody, or a newer occurrence, cancels it: FAILED, CANCELLED" },
  { event: "promote", from: "scheduled", to: "ready", when: "its time has come" },
  { event: "promote", from: "scheduled", to: "blocked", when: "its time has come, and a limit applies to it" },
  { event: "admit", from: "blocked", to: "ready", when: "every limit has room for it" },
  { event: "limit", from: "ready", to: "blocked", when: "a limit is set that applies to it" },
  { event: "claim", from: "ready", to: "claimed", when: "a node takes it, under a new claim token" },
  { event: "complete", from: "claimed", to: "done", when: "it ran well: COMPLETED" },
  { event: "fail", from: "claimed", to: "done", when: "it failed and no attempt is left: FAILED" },
  { event: "retry", from: "claimed", to: "scheduled", when: "it failed, is retryable, and an attempt is left" },
  { event: "release", from: "claimed", to: "ready", when: "its node stops and hands it back; no attempt is used up" },
  { event: "rescue", from: "claimed", to: "ready", when: "its node died; no attempt is used up" },
  { event: "cancel", from: "scheduled", to: "done", when: "somebody cancels it: FAILED, CANCELLED" },
  { event: "cancel", from: "blocked", to: "done", when: "somebody cancels it: FAILED, CANCELLED" },
  { event: "cancel", from: "ready", to: "done", when: "somebody cancels it: FAILED, CANCELLED" },
  { event: "cancel", from: "waiting", to: "done", when: "somebody cancels it, and its children: FAILED, CANCELLED" },
  {
    event: "expire",
    from: "blocked",
    to: "done",
    when: "its queueTimeoutSeconds are over, or those of retry.totalSeconds: FAILED, TIMED_OUT",
  },
  {
    event: "expire",
    from: "ready",
    to: "done",
    when: "its queueTimeoutSeconds are over, or those of retry.totalSeconds: FAILED, TIMED_OUT",
  },
  { event: "suspend", from: "claimed", to: "waiting", when: "its run ends to wait for children or a time" },
  { event: "resume", from: "waiting", to: "ready", when: "what it waited for has come; no attempt is used up" },
  { event: "resume", from: "waiting", to: "blocked", when: "what it waited for has come, and a limit applies to it" },
  { event: "expire", from: "waiting", to: "done", when: "its waitTimeoutSeconds are over: FAILED, TIMED_OUT" },
  {
    event: "selfBlock",
    from: "blocked",
    to: "done",
    when: "its waiting ancestors hold its limit: FAILED, SELF_BLOCKED",
  },
  { event: "lose", from: "claimed", to: "done", when: "nodes died under it too often: FAILED, WORKER_LOST" },
] as const satisfies readonly Transition[];

/** The phase of a job, from its row in the queue (null once it is done) and the attempts it has used up. */
export function phaseOf(state: QueueState | null, attemptsUsed: number): JobPhase {
  switch (state) {
    case null:
      return "DONE";
    case "claimed":
      return "RUNNING";
    case "waiting":
      return "WAITING";
    case "scheduled":
      return attemptsUsed > 0 ? "RETRYING" : "SCHEDULED";
    default:
      return attemptsUsed > 0 ? "RETRYING" : "QUEUED";
  }
}

/**
 * The states of the rows in the queue that are in a phase (null: in any), by whether the job has used up no attempt yet (`first`)
 * or some (`later`).
 */
export function statesOfPhase(phase: JobPhase | null): { first: QueueState[]; later: QueueState[] } {
  const statesWith = (attemptsUsed: number) =>
    queueStates.filter((state) => phase === null || phaseOf(state, attemptsUsed) === phase);
  return { first: statesWith(0), later: statesWith(1) };
}

/**
 * What a job waits for, from its row in the queue.
 *
 * @param limit whose limit holds it while it is blocked
 * @param wait what it waits for while it is waiting
 */
export function waitingForOf(
  state: QueueState | null,
  limit: "customerLimit" | "definitionLimit" = "definitionLimit",
  wait: "children" | "timer" = "children",
): WaitingFor | null {
  switch (state) {
    case "scheduled":
      return "runAt";
    case "held":
      return "overlap";
    case "blocked":
      return limit;
    case "ready":
      return "slot";
    case "waiting":
      return wait;
    default:
      return null;
  }
}
