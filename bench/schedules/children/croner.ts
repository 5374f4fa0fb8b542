/** croner: a timer for each schedule, in memory; nothing survives the process. */
import { setTimeout as delay } from "node:timers/promises";
import { importPeer } from "../../support/peers.ts";
import { serveParent } from "../../support/serve-parent.ts";

interface Croner {
  readonly Cron: new (pattern: string, run: () => void) => { stop(): void };
}

const { Cron } = await importPeer<Croner>("croner");
const crons: { stop(): void }[] = [];
let samples: number[] = [];

await serveParent(
  {
    async schedule(details) {
      for (let made = 0; made < details.number("schedulers"); made++) {
        // It tells no nominal time: where it is over a second late, the lateness shows as less, and the count as short.
        crons.push(new Cron("* * * * * *", () => samples.push(Date.now() % 1000)));
      }
      return {};
    },
    async listen(details) {
      samples = [];
      await delay(details.number("seconds") * 1000);
      return { samples };
    },
  },
  async () => {
    for (const cron of crons) cron.stop();
  },
);
