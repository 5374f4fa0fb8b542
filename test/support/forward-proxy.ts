/** A real HTTP proxy on 127.0.0.1 that forwards plain requests and tunnels the others, and records what it was asked for. */
import { createServer, request as forward, type IncomingHttpHeaders } from "node:http";
import { connect, type Socket } from "node:net";

export interface ProxiedRequest {
  /** `CONNECT host:port`, or `GET http://host:port/path`. */
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
}

export interface TestProxy {
  readonly port: number;
  readonly requests: readonly ProxiedRequest[];
  close(): Promise<void>;
}

export interface TestProxyOptions {
  /** Refuse all but those who send this `proxy-authorization`. */
  readonly authorization?: string;
  /** Answer every CONNECT so instead of connecting; null: never answer. */
  readonly answer?: string | null;
}

/** Starts one on a free port; it takes every name for 127.0.0.1. */
export async function startForwardProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const requests: ProxiedRequest[] = [];
  const sockets = new Set<Socket>();
  const mayPass = (headers: IncomingHttpHeaders): boolean =>
    options.authorization === undefined || headers["proxy-authorization"] === options.authorization;

  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    requests.push({ line: `${method} ${url}`, headers });
    if (!mayPass(headers)) return void response.writeHead(407).end();
    const { port, pathname, search } = new URL(url);
    const { "proxy-authorization": _, ...passed } = headers;
    const onward = forward({ host: "127.0.0.1", port, method, path: pathname + search, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on("connect", ({ url = "", headers }, client: Socket) => {
    requests.push({ line: `CONNECT ${url}`, headers });
    client.on("error", () => undefined);
    if (!mayPass(headers)) return void client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    if (options.answer === null) return;
    if (options.answer !== undefined) return void client.end(options.answer);
    const onward = connect(Number(url.split(":").at(-1)), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(client);
      client.pipe(onward);
    });
    sockets.add(onward);
    onward.on("error", () => client.destroy());
  });
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  return {
    port: address.port,
    requests,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
