/** autocannon, in a process of its own. */
import { importPeer } from "../../support/peers.ts";
import { serveParent } from "../../support/serve-parent.ts";

interface Autocannon {
  readonly default: (options: object) => Promise<{
    readonly requests: { readonly total: number };
    readonly duration: number;
    readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
    readonly non2xx: number;
    readonly errors: number;
  }>;
}

const { default: autocannon } = await importPeer<Autocannon>("autocannon");

await serveParent(
  {
    async shoot(details) {
      const apiKey = details.text("apiKey");
      const body = details.text("body");
      const { requests, duration, latency, non2xx, errors } = await autocannon({
        url: details.text("url"),
        method: "POST",
        connections: details.number("connections"),
        duration: details.number("seconds"),
        body,
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${apiKey}`,
          "x-customer-code": "demo",
        },
      });
      if (non2xx + errors > 0) throw new Error(`${non2xx} answers were no 2xx, ${errors} requests failed`);
      return { perSecond: requests.total / duration, p50: latency.p50, p99: latency.p99, max: latency.max };
    },
  },
  async () => undefined,
);
