/**
 * A local webservice that misbehaves on demand, for tests of whatever calls one.
 *
 * It listens on 127.0.0.1, so whoever calls it must be allowed to: `--egress-allow 127.0.0.1:<port>`. Every request is
 * recorded before it is answered. The path says how it answers; see `webservice-behaviours.ts`. Nothing in it waits for a time but
 * `/slow` and `/drip`: what must be simultaneous is arranged with `hold`, `release` and `waitForCalls`.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { TLSSocket } from "node:tls";
import { answer, type RecordedRequest } from "./webservice-behaviours.ts";

export type { RecordedRequest };

export interface Webservice {
  /** `http://127.0.0.1:<port>`, or https. */
  readonly origin: string;
  readonly port: number;
  /** Every request whose body has arrived, in that order. */
  readonly requests: readonly RecordedRequest[];
  /** How many requests have arrived, of all or to one path. */
  calls(path?: string): number;
  /** Resolves when at least so many have arrived, at once if they have already. */
  waitForCalls(count: number, path?: string): Promise<void>;
  /** From now on requests are recorded and then wait. */
  hold(): void;
  /** Answers what waits, and what comes from now on. */
  release(): void;
  /** Connections accepted since the start. */
  connections(): number;
  /** Resolves when no connection is open any more. */
  waitForNoConnections(): Promise<void>;
  /** Drops every connection and stops listening. */
  close(): Promise<void>;
}

export type TestCertificate = "trusted" | "self-signed" | "expired" | "wrong-name";

/** The authority behind the certificates `trusted`, `expired` and `wrong-name`; PEM. They name localhost, 127.0.0.1 and webservice.test. */
export const testAuthority = readCertificate("ca.pem");

/** The certificates of clients whom a webservice with `clients` lets in, and their keys; PEM. */
export const testClients = {
  client: { certificate: readCertificate("client.pem"), key: readCertificate("client.key") },
  "other-client": { certificate: readCertificate("other-client.pem"), key: readCertificate("other-client.key") },
};

/** The key of `client` under the passphrase `sesame`. */
export const encryptedClientKey = readCertificate("client-encrypted.key");

/**
 * Starts one on a free port.
 *
 * @param options.certificate speaks TLS with it; without, plain HTTP
 * @param options.clients lets in only those with a certificate of the clients' authority
 */
export async function startWebservice(
  options: { certificate?: TestCertificate; clients?: "certified" } = {},
): Promise<Webservice> {
  const requests: RecordedRequest[] = [];
  const watchers = new Set<() => void>();
  let held: (() => void)[] | undefined;
  let accepted = 0;
  let open = 0;

  function changed(): void {
    for (const watch of [...watchers]) watch();
  }

  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!condition()) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
  }

  function calls(path?: string): number {
    if (path === undefined) return requests.length;
    return requests.filter(({ url }) => url.split("?", 1)[0] === path).length;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { method = "", url = "", headers } = request;
    const { socket } = request;
    const clientName = socket instanceof TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined;
    const recorded = { method, url, headers, body, ...(typeof clientName === "string" && { clientName }) };
    requests.push(recorded);
    changed();
    if (held) await new Promise<void>((resolve) => held?.push(resolve));
    answer(recorded, response, calls);
  }

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    // A caller that breaks off in the middle of its request is one of the things that tests do.
    handle(request, response).catch(() => response.destroy());
  };
  const server = options.certificate
    ? createTlsServer(
        {
          key: readCertificate(`${options.certificate}.key`),
          cert: readCertificate(`${options.certificate}.pem`),
          ...(options.clients && { requestCert: true, rejectUnauthorized: true, ca: readCertificate("client-ca.pem") }),
        },
        onRequest,
      )
    : createServer(onRequest);
  server.on("connection", (socket) => {
    accepted += 1;
    open += 1;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      open -= 1;
      changed();
    });
  });
  server.on("tlsClientError", () => undefined);
  const port = await listen(server);

  return {
    origin: `${options.certificate ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    requests,
    calls,
    waitForCalls: (count, path) => until(() => calls(path) >= count),
    hold() {
      held ??= [];
    },
    release() {
      const waiting = held ?? [];
      held = undefined;
      for (const go of waiting) go();
    },
    connections: () => accepted,
    waitForNoConnections: () => until(() => open === 0),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function readCertificate(name: string): string {
  return readFileSync(new URL(`./certificates/${name}`, import.meta.url), "utf8");
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("no port"));
      resolve(address.port);
    });
  });
}
