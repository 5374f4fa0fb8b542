/** A webservice that answers a small JSON, at once or after a while: `/` or `/?ms=50`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "../../support/serve-parent.ts";

const answer = JSON.stringify({ ok: true, items: Array.from({ length: 5 }, (_, id) => ({ id, name: `item ${id}` })) });
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const ms = Number(new URLSearchParams(request.url?.split("?")[1]).get("ms"));
  const respond = () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": answer.length }).end(answer);
  };
  request.resume();
  if (ms > 0) setTimeout(respond, ms);
  else respond();
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1024, resolve));

await serveParent({ where: async () => ({ port: portOf(server.address()) }) }, async () => {
  server.close();
  server.closeAllConnections();
});

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === "object" && address) return address.port;
  throw new Error("the server has no port");
}
