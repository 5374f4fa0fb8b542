/** Bare undici: the same calls by as many callers as Punctual has slots, each body read as JSON. */
import { Pool } from "undici";
import { runCallers } from "../../support/callers.ts";
import { serveParent } from "../../support/serve-parent.ts";

const pools = new Map<string, Pool>();

await serveParent(
  {
    async call(details) {
      const url = new URL(details.text("url"));
      const callers = details.number("callers");
      const pool = pools.get(url.origin) ?? new Pool(url.origin, { connections: callers, pipelining: 1 });
      pools.set(url.origin, pool);
      const begun = performance.now();
      await runCallers(details.number("calls"), callers, async () => {
        const response = await pool.request({ path: url.pathname + url.search, method: "GET" });
        if (response.statusCode !== 200) throw new Error(`the server answered ${response.statusCode}`);
        await response.body.json();
      });
      return { ms: performance.now() - begun };
    },
  },
  () => Promise.all([...pools.values()].map((pool) => pool.destroy())),
);
