/** A node's doors: how it listens, where, and what it says of that. */
import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config/settings.ts";
import type { Logger } from "../runtime/logger.ts";
import { credentialsFile } from "./credentials.ts";

/** How long a stopping node lets requests end that were under way: a client that dribbles does not hold it. */
const requestGraceMs = 3_000;

/** What HTTPS needs, or null for plain HTTP. */
export async function readTls(config: Config): Promise<{ cert: string; key: string } | null> {
  if (config.tlsCert === null || config.tlsKey === null) return null;
  const [cert, key] = await Promise.all([readFile(config.tlsCert, "utf8"), readFile(config.tlsKey, "utf8")]);
  return { cert, key };
}

/** Where an app that listens is reached. */
export function originOf(app: FastifyInstance, config: Config): string {
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : config.port;
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  return `${config.tlsCert === null ? "http" : "https"}://${host}:${port}`;
}

/** The one line that a person who started a node needs. */
export function greet(config: Config, origin: string, firstCustomer: "created" | "present", log: Logger): void {
  const api = config.roles.includes("api")
    ? { page: `${config.publicUrl}/`, api: config.publicUrl + config.apiPrefix }
    : {};
  const credentials = credentialsFile(config.dataDir);
  const signIn = firstCustomer === "created" ? `; customer demo, key in ${credentials}` : "";
  log.info(
    { listening: origin, ...api, credentials, roles: config.roles },
    `Punctual is ready at ${config.publicUrl}/ (API ${config.publicUrl}${config.apiPrefix}, reference ${config.publicUrl}/docs)${signIn}`,
  );
}

/** Stops listening and ends connections, at once where no request is under way. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), requestGraceMs);
  await app.close();
  clearTimeout(timer);
}
