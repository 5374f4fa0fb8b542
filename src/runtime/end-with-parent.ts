/** For processes that a node starts: they end when it does, whatever they are at, and not before it. */
import { Worker } from "node:worker_threads";

const watching =
  "setInterval(() => { if (process.ppid !== require('node:worker_threads').workerData) process.kill(process.pid, 'SIGKILL'); }, 1000)";

/** Has this process end when its parent is gone, also in the middle of a loop; called once, when it starts. */
export function endWithParent(): void {
  // Whoever stops the node from a terminal signals its children too, while it lets its jobs end.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => undefined);
  process.on("disconnect", () => process.exit());
  // A loop hears of no disconnect; a thread beside it sees that its parent has changed.
  new Worker(watching, { eval: true, workerData: process.ppid });
}
