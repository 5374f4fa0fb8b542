/** A node that runs `callWebserviceEndpoint`. */
import { runCallers, until } from "../../support/callers.ts";
import { contest } from "../../support/contest.ts";
import { startBenchNode } from "../../support/punctual.ts";
import { serveParent } from "../../support/serve-parent.ts";

const bench = await startBenchNode({
  databaseUrl: contest.databaseUrl,
  slots: contest.slots,
  egressAllow: "127.0.0.0/8",
});
const { database } = bench.node.context;

async function allWritten(): Promise<boolean> {
  if (bench.node.running() > 0) return false;
  const [row] = await database.sql<{ open: boolean }>`select exists (select from job_queue) as open`;
  return row?.open === false;
}

async function failures(): Promise<number> {
  const [row] = await database.sql<{ failed: number }>`
    select count(*)::integer as failed from job where status = 'FAILED'`;
  return row?.failed ?? 0;
}

await serveParent(
  {
    /** Makes jobs that nobody runs yet. */
    async fill(details) {
      const url = details.text("url");
      await runCallers(details.number("calls"), 500, () => bench.create("callWebserviceEndpoint", { url }));
      return {};
    },
    /** From the first claim of jobs that are all there to the last durable result. */
    async queued() {
      const begun = performance.now();
      await bench.claims("on");
      await until(allWritten);
      const ms = performance.now() - begun;
      await bench.claims("off");
      return { ms, failed: await failures() };
    },
    /** From the first call that makes a job to the last durable result. */
    async made(details) {
      const url = details.text("url");
      await bench.claims("on");
      const begun = performance.now();
      await runCallers(details.number("calls"), 256, () => bench.create("callWebserviceEndpoint", { url }));
      await until(allWritten);
      const ms = performance.now() - begun;
      await bench.claims("off");
      return { ms, failed: await failures() };
    },
  },
  bench.stop,
);
