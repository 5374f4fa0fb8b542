/** Punctual in the queue races: `demo`'s jobs, each with its audit row, as a call to `_execute` makes them. */
import { runCallers } from "../../support/callers.ts";
import { contest } from "../../support/contest.ts";
import { noOp, startBenchNode } from "../../support/punctual.ts";
import { raceClock, serveRaces } from "../../support/race.ts";

const bench = await startBenchNode({
  databaseUrl: contest.databaseUrl,
  slots: contest.slots,
  jobTypes: [noOp(raceClock.started)],
});
const { database } = bench.node.context;
const create = () => bench.create("noOp", contest.payload);

await serveRaces({
  fill: (jobs) => runCallers(jobs, 1000, create),
  create,
  async work() {
    await bench.claims("on");
    return () => bench.claims("off");
  },
  async allWritten() {
    if (bench.node.running() > 0) return false;
    const [row] = await database.sql<{ open: boolean }>`select exists (select from job_queue) as open`;
    return row?.open === false;
  },
  stop: bench.stop,
});
