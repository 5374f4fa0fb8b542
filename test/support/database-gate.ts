/** A way to the tests' PostgreSQL that can be cut and mended, as an outage of the network would. */
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestDatabase } from "./database.ts";

export interface DatabaseGate {
  /** For `DATABASE_URL`. */
  readonly url: string;
  /** Breaks all connections and takes no new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a gate in front of a test database. */
export async function openDatabaseGate(database: TestDatabase): Promise<DatabaseGate> {
  const direct = new URL(database.url);
  const port = direct.searchParams.get("port") ?? "5432";
  const target = join(direct.searchParams.get("host") ?? "", `.s.PGSQL.${port}`);
  const folder = await mkdtemp(join(tmpdir(), "punctual-gate-"));
  const url = database.url.replace(/host=[^&]*/, `host=${folder}`);
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  async function mend(): Promise<void> {
    const opened = createServer((inner) => {
      const outer = connect(target);
      for (const [from, to] of [
        [inner, outer],
        [outer, inner],
      ] as const) {
        sockets.add(from);
        from.pipe(to);
        from.on("error", () => undefined);
        from.on("close", () => {
          sockets.delete(from);
          to.destroy();
        });
      }
    });
    server = opened;
    await new Promise<void>((resolve) => opened.listen(join(folder, `.s.PGSQL.${port}`), resolve));
  }

  async function cut(): Promise<void> {
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    for (const socket of sockets) socket.destroy();
    await closed;
    server = undefined;
  }

  await mend();
  return {
    url,
    cut,
    mend,
    async close() {
      await cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
