/** Outcomes as marks: each has a colour and a shape of its own, so that neither alone has to be told apart. */
import type { ReactNode } from "react";
import type { JobSummary } from "../api/jobs.ts";
import classes from "./outcome.module.css";

/** What a job, or an occurrence of a schedule, has come to. */
export type Outcome =
  | "completed"
  | "failed"
  | "cancelled"
  | "running"
  | "queued"
  | "scheduled"
  | "waiting"
  | "retrying"
  | "late"
  | "skipped"
  | "missed"
  | "fired"
  | "expected";

/** The words for an outcome. */
export const outcomeNames: Readonly<Record<Outcome, string>> = {
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  running: "Running",
  queued: "Queued",
  scheduled: "Scheduled",
  waiting: "Waiting",
  retrying: "Retrying",
  late: "Late",
  skipped: "Skipped",
  missed: "Missed",
  fired: "Fired",
  expected: "Expected",
};

const shapes: Readonly<Record<Outcome, ReactNode>> = {
  completed: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.8 8.3 2.2 2.2 4.2-4.7" className={classes.cut} />
    </>
  ),
  failed: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8" className={classes.cut} />
    </>
  ),
  cancelled: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.line} />
      <path d="m4 12 8-8" className={classes.line} />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.track} />
      <path d="M8 2a6 6 0 0 1 6 6" className={`${classes.line} ${classes.turning}`} />
    </>
  ),
  queued: <circle cx="8" cy="8" r="6" className={classes.line} />,
  scheduled: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.line} />
      <path d="M8 4.8V8l2 1.6" className={classes.line} />
    </>
  ),
  waiting: <path d="M5.5 3v10M10.5 3v10" className={classes.line} strokeWidth="2.6" />,
  retrying: <path d="M13 8a5 5 0 1 1-1.5-3.6M13 2.2v2.9h-2.9" className={classes.line} />,
  late: (
    <>
      <path d="M8 1.2 15 14.4H1Z" fill="currentColor" />
      <path d="M8 6v4M8 12.2v.1" className={classes.cut} />
    </>
  ),
  skipped: <path d="M2.5 8h11" className={classes.line} strokeWidth="2.4" />,
  missed: <path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" className={classes.line} />,
  fired: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="m4.8 8.3 2.2 2.2 4.2-4.7" className={classes.cut} />
    </>
  ),
  expected: (
    <>
      <circle cx="8" cy="8" r="6" className={classes.line} />
      <path d="M8 4.8V8l2 1.6" className={classes.line} />
    </>
  ),
};

/** The mark alone, named for screen readers. */
export function OutcomeMark({ outcome, size = 14 }: { outcome: Outcome; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      role="img"
      aria-label={outcomeNames[outcome]}
      className={`${classes.mark} ${classes[outcome]}`}
    >
      {shapes[outcome]}
    </svg>
  );
}

/** The mark with its word. */
export function OutcomeLabel({ outcome, size = "sm" }: { outcome: Outcome; size?: "sm" | "lg" }) {
  return (
    <span className={`${classes.label} ${classes[outcome]} ${size === "lg" ? classes.large : ""}`}>
      <span aria-hidden="true" className={classes.markOnly}>
        <OutcomeMark outcome={outcome} size={size === "lg" ? 18 : 14} />
      </span>
      {outcomeNames[outcome]}
    </span>
  );
}

/** What a job has come to, or where it is. */
export function outcomeOfJob({ status, phase, error }: Pick<JobSummary, "status" | "phase" | "error">): Outcome {
  if (status === "COMPLETED") return "completed";
  if (status === "FAILED") return error?.code === "CANCELLED" ? "cancelled" : "failed";
  switch (phase) {
    case "SCHEDULED":
      return "scheduled";
    case "RUNNING":
      return "running";
    case "WAITING":
      return "waiting";
    case "RETRYING":
      return "retrying";
    default:
      return "queued";
  }
}
