/** A node's doors: how it listens, what it says of that, and how it closes them. */
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config/settings.ts";
import { StartError } from "../model/start-error.ts";
import type { Logger } from "../runtime/logger.ts";
import type { SignIn } from "./credentials.ts";
import { originAt } from "./origin.ts";

/** How long a stopping node lets requests end that were under way: a client that dribbles does not hold it. */
const requestGraceMs = 3_000;

/** What to change where the system does not let the node listen. */
const remedies: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "another program listens there. Stop it, or choose another port with --port (PUNCTUAL_PORT); 0 takes a free one.",
  EACCES: "this user may not listen there. Choose a port from 1024 up with --port (PUNCTUAL_PORT).",
  EADDRNOTAVAIL: "this machine has no such address. Choose another with --host (PUNCTUAL_HOST).",
  ENOTFOUND: "there is no such host. Choose another with --host (PUNCTUAL_HOST).",
};

/**
 * Listens where the settings say.
 *
 * @returns the port
 * @throws StartError where the system refuses
 */
export async function listen(app: FastifyInstance, config: Config): Promise<number> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const remedy = remedies[code] ?? `${String(cause)}. Choose another --host or --port.`;
    throw new StartError(`The node cannot listen on ${originAt(config, config.port)}: ${remedy}`, cause);
  }
  const address = app.server.address();
  return typeof address === "object" && address ? address.port : config.port;
}

/** How a person gets in: by the key in a file and, after the first start, by a link that works once. */
export type Welcome = SignIn & { readonly link: string | null };

/** What a person who started a node needs; a terminal shows the sentences alone (`runtime/logger.ts`). */
export function greet(config: Config, origin: string, address: string, signIn: Welcome | null, log: Logger): void {
  const { roles } = config;
  if (!roles.includes("api")) {
    log.info({ listening: origin, roles }, `Punctual is ready at ${origin} (${roles.join(", ")}; no API)`);
    return;
  }
  const api = address + config.apiPrefix;
  const credentials = signIn ? { credentials: signIn.file } : {};
  const howTo = signIn ? `; sign in as customer ${signIn.customerCode} with the key in ${signIn.file}` : "";
  log.info(
    { listening: origin, page: `${address}/`, api, ...credentials, roles },
    `Punctual is ready at ${address}/ (API ${api}, reference ${address}/docs)${howTo}`,
  );
  // Behind a `#`, so that it shows in no proxy's log.
  if (signIn?.link) log.info(`Sign in with one click, once, within an hour: ${address}/sign-in#${signIn.link}`);
}

/** The connections of an app's clients. */
export interface Connections {
  /** Resolves when there is none any more, or after the given time. */
  moveOn(withinMs: number): Promise<void>;
}

/** Counts connections from now on; to be called before the app listens. */
export function watchConnections(app: FastifyInstance): Connections {
  let open = 0;
  let noneLeft: () => void = () => undefined;
  app.server.on("connection", (socket: Socket) => {
    open += 1;
    socket.once("close", () => {
      open -= 1;
      if (open === 0) noneLeft();
    });
  });
  return {
    moveOn(withinMs) {
      if (open === 0 || withinMs === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        noneLeft = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}

/** Stops listening and ends connections, at once where no request is under way. */
export async function closeApp(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), requestGraceMs);
  await app.close();
  clearTimeout(timer);
}
