/** Whether all is well, in words. */
import type { Overview } from "../../api/overview.ts";
import { formatDuration } from "../../parts/time.tsx";

/** A wait in the queue from which on it is worth a word, in milliseconds. */
const longWaitMs = 60_000;

/** From here on what fires is called late, in seconds. */
const longLagSeconds = 5;

/** What is wrong, the worst first; nothing where all is well. */
export function findTroubles({ occurrences, jobs, queue, nodes, schedulerLagSeconds }: Overview): readonly string[] {
  const troubles: string[] = [];
  if (nodes.silent > 0) troubles.push(`${count(nodes.silent, "node")} not heard of for 30 seconds`);
  if (schedulerLagSeconds > longLagSeconds) {
    troubles.push(`schedules fire ${formatDuration(schedulerLagSeconds * 1_000)} late`);
  }
  if (queue.oldestQueuedMs !== null && queue.oldestQueuedMs > longWaitMs) {
    troubles.push(`a job has waited in the queue for ${formatDuration(queue.oldestQueuedMs)}`);
  }
  if (occurrences.missed > 0) troubles.push(`${count(occurrences.missed, "occurrence")} missed`);
  if (jobs.failed > 0) troubles.push(`${count(jobs.failed, "job")} failed`);
  if (occurrences.late > 0) troubles.push(`${count(occurrences.late, "occurrence")} late`);
  return troubles;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString()} ${noun}${number === 1 ? "" : "s"}`;
}
