/** What is measured of jobs and the queue. */
import type { Registry } from "prom-client";
import { counter, gauge, histogram } from "./instruments.ts";

/** A second is much for a wait, an hour is little. */
const waitBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 1800, 3600];
const runBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 60, 300, 1800, 3600, 21600];
/** There may be five hundred customers. */
const fewBuckets = [0.01, 0.1, 1, 10, 60, 600, 3600];

/** Everything of jobs and the queue: for all customers together, and by customer (`…By`). */
export function jobInstruments(open: Registry, by: Registry) {
  return {
    created: counter(open, "punctual_jobs_created_total", "Jobs created on this node.", ["job_type"]),
    createdBy: counter(by, "punctual_customer_jobs_created_total", "Jobs created on this node, by customer.", [
      "customer",
      "job_type",
    ]),
    claimed: counter(open, "punctual_jobs_claimed_total", "Runs begun on this node.", ["job_type"]),
    claimedBy: counter(by, "punctual_customer_jobs_claimed_total", "Runs begun on this node, by customer.", [
      "customer",
      "job_type",
    ]),
    finished: counter(open, "punctual_jobs_finished_total", "Jobs that ended on this node.", ["job_type", "status"]),
    finishedBy: counter(by, "punctual_customer_jobs_finished_total", "Jobs that ended on this node, by customer.", [
      "customer",
      "job_type",
      "status",
    ]),
    queueWait: histogram(
      open,
      "punctual_job_queue_wait_seconds",
      "Time from the moment a job might run to the begin of its first run, on this node.",
      ["job_type"],
      waitBuckets,
    ),
    queueWaitBy: histogram(
      by,
      "punctual_customer_job_queue_wait_seconds",
      "Time from the moment a job might run to the begin of its first run, on this node, by customer.",
      ["customer"],
      fewBuckets,
    ),
    runTime: histogram(
      open,
      "punctual_job_run_seconds",
      "Time from the begin of a run on this node to its end; its outcome is that of the run, not of the job.",
      ["job_type", "outcome"],
      runBuckets,
    ),
    runTimeBy: histogram(
      by,
      "punctual_customer_job_run_seconds",
      "Time from the begin of a run on this node to its end, by customer.",
      ["customer"],
      fewBuckets,
    ),
    queued: gauge(open, "punctual_queue_jobs", "Unfinished jobs of all nodes, when they were last counted.", ["state"]),
    queuedBy: gauge(
      by,
      "punctual_customer_queue_jobs",
      "Unfinished jobs of all nodes, when they were last counted, by customer.",
      ["customer", "state"],
    ),
    oldestReady: gauge(
      open,
      "punctual_queue_oldest_ready_seconds",
      "How long the oldest ready job has been due, when they were last looked at; 0 without one.",
      [],
    ),
    oldestReadyBy: gauge(
      by,
      "punctual_customer_queue_oldest_ready_seconds",
      "How long the oldest ready job has been due, when they were last looked at, by customer.",
      ["customer"],
    ),
  };
}
