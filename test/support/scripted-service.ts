/** A local webservice that answers as a test says, request by request. */
import { createServer, type IncomingHttpHeaders } from "node:http";

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedAnswer {
  /** 200 unless said. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; nothing where it is absent. */
  readonly body?: unknown;
  /** Closes the connection in place of an answer. */
  readonly drop?: true;
}

export interface ScriptedService {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

/** Starts one on a free port. @param script the answer to a request, of which so many have come to its path, this one included */
export async function startScriptedService(
  script: (request: ReceivedRequest, calls: number) => ScriptedAnswer,
): Promise<ScriptedService> {
  const requests: ReceivedRequest[] = [];
  const counts = new Map<string, number>();
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const parsed = new URL(url, "http://scripted.test");
      const request = { method, url, query: parsed.searchParams, headers, body: Buffer.concat(chunks).toString() };
      requests.push(request);
      const calls = (counts.get(parsed.pathname) ?? 0) + 1;
      counts.set(parsed.pathname, calls);
      const answer = script(request, calls);
      if (answer.drop) return void outgoing.destroy();
      outgoing.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
      outgoing.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
