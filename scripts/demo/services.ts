/** The webservices that the demo's jobs call: one small server that plays all of them, reached as a proxy, so that they have names. */
import { createServer, type Server, type ServerResponse } from "node:http";

/** Milliseconds that an answer takes, from a host and a path. */
const slow: Readonly<Record<string, number>> = { "/v1/exports": 9_000, "/v1/rates": 120, "/v1/orders": 180 };

/** Starts them. @returns the server and its address, to be given as the proxy of the node */
export async function startServices(): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    // A proxy is asked for whole addresses (RFC 9112, section 3.2.2).
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://nowhere");
    setTimeout(() => answer(response, pathname, searchParams), slow[pathname] ?? 40);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { server, address: `http://127.0.0.1:${port}` };
}

function answer(response: ServerResponse, path: string, query: URLSearchParams): void {
  const failure = query.get("fail");
  if (failure !== null) {
    fail(response, failure);
    return;
  }
  switch (path) {
    case "/v1/catalogue": {
      const page = Number(query.get("page") ?? "1");
      const products = Array.from({ length: 50 }, (_, place) => product((page - 1) * 50 + place));
      // Long enough for somebody to watch it come.
      setTimeout(() => send(response, 200, { products, more: page < 400 }), 2_500);
      return;
    }
    case "/v1/rates":
      send(response, 200, { base: "EUR", rates: { USD: 1.0841, GBP: 0.8312, CAD: 1.5204, JPY: 162.9 } });
      return;
    case "/v1/orders":
      send(response, 200, { orders: Array.from({ length: 8 }, (_, place) => order(place)) });
      return;
    default:
      send(response, 200, { ok: true, processed: 120 + path.length });
  }
}

function fail(response: ServerResponse, how: string): void {
  switch (how) {
    case "auth":
      send(response, 401, { error: "invalid_token", error_description: "The access token expired" });
      return;
    case "invalid":
      send(response, 422, { errors: [{ field: "stock", message: "must not be negative", sku: "SHOE-0042" }] });
      return;
    case "gone":
      response.socket?.destroy();
      return;
    default:
      send(response, 503, { message: "upstream connect error: no healthy upstream" });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function order(place: number): object {
  return { id: 48_210 + place, status: place % 3 === 0 ? "paid" : "shipped", total: 19.9 + place * 7, currency: "EUR" };
}

function product(place: number): object {
  return { sku: `SHOE-${String(place).padStart(4, "0")}`, stock: (place * 37) % 90 };
}
