import type { Registry } from "prom-client";
import { counter, gauge, histogram } from "./instruments.ts";

/** From what nobody notices, over the bound of `late` (5 s) and that of `catchUp` (60 s), to an outage of a day. */
const latenessBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 60, 3_600, 86_400];

/** Everything of schedules: for all customers together, and by customer (`…By`). */
export function scheduleInstruments(open: Registry, by: Registry) {
  return {
    lateness: histogram(
      open,
      "punctual_schedule_lateness_seconds",
      "Time from the moment at which a schedule should have fired to the making of the job, on this node.",
      [],
      latenessBuckets,
    ),
    occurrences: counter(
      open,
      "punctual_schedule_occurrences_total",
      "Occurrences of schedules that this node has accounted for.",
      ["outcome"],
    ),
    occurrencesBy: counter(
      by,
      "punctual_customer_schedule_occurrences_total",
      "Occurrences of schedules that this node has accounted for, by customer.",
      ["customer", "outcome"],
    ),
    oldestDue: gauge(
      open,
      "punctual_schedule_oldest_due_seconds",
      "How long the schedule that is furthest behind has been due, when they were last looked at; 0 without one.",
      [],
    ),
    oldestBacklog: gauge(
      open,
      "punctual_schedule_oldest_backlog_seconds",
      "How long what an outage has left to catch up has waited for its next turn, when it was last looked at; 0 without any.",
      [],
    ),
  };
}
