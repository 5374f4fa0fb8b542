/**
 * The PostgreSQL that Punctual brings along: started on a data directory, kept running, stopped.
 *
 * States of a data directory: free → locked → served → free. Invariants: one process of a machine at most owns a
 * data directory; the server ends with its owner, however that ends; what was acknowledged survives all of it.
 */
import { rm } from "node:fs/promises";
import type { Logger } from "../runtime/logger.ts";
import { findPackageFolder, prepareBinaries } from "./binaries.ts";
import { type Claim, claimFolder } from "./claim-folder.ts";
import { type DataFolder, findHome, prepareDataFolder } from "./data-folder.ts";
import { EmbeddedPostgresError, explainFailure, systemErrorCode } from "./embedded-postgres-error.ts";
import { readLockHolder } from "./folder-lock.ts";
import { clusterNames, initializeCluster } from "./initialize-cluster.ts";
import { stopOrphans } from "./orphans.ts";
import { refuseForeignServer } from "./presence.ts";
import { startServer } from "./server-process.ts";
import { serverArguments } from "./settings.ts";
import { findSocketFolder, removeTemporarySocketFolder, socketPath, socketPort } from "./socket-folder.ts";
import { type ServerState, supervise } from "./supervisor.ts";

export type { ServerState } from "./supervisor.ts";

/** A server that runs until `stop`. */
export interface EmbeddedPostgres {
  /** Options for the `postgres` npm package: it finds the socket by itself in a `host` that is a folder. */
  readonly connection: {
    /** Folder of the socket. */
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly database: string;
  };
  /** True if this call created the cluster. */
  readonly created: boolean;
  /** Ends connections and the server, and frees the data directory. A second call waits for the first. */
  stop(): Promise<void>;
}

/** How to start. */
export interface EmbeddedPostgresOptions {
  /** Made if it is missing. */
  readonly dataDir: string;
  /** Hears the server's own log too. */
  readonly log: Logger;
  /** PostgreSQL settings that win over ours, e.g. `{ max_connections: "300" }`; `fsync: "off"` only for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Hears when the server has ended by itself, and when it runs again. */
  readonly onState?: (state: ServerState) => void;
  /** Another folder with the platform's PostgreSQL package than the installed one. */
  readonly packageFolder?: string;
}

/** A first start makes a cluster, in a second or two; recovery after a crash may take longer. */
const readyWithinMs = 60_000;

/**
 * Starts the bundled PostgreSQL on a data directory; the first time, makes the database.
 *
 * What a killed node left running there is stopped first. A server that ends by itself later is started again.
 *
 * @throws EmbeddedPostgresError another node uses the data directory; there is no bundled PostgreSQL for this platform;
 *   the directory cannot be used; the database is another version's; PostgreSQL cannot make it or start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const packageFolder = options.packageFolder ?? findPackageFolder();
  const folder = await prepareDataFolder(options.dataDir, options.log);
  const claim = await claimFolder(folder, options.dataDir);
  try {
    return await startIn(folder, claim, packageFolder, options);
  } catch (error) {
    await claim.release();
    if (systemErrorCode(error) === undefined) throw error;
    throw explainFailure(`The embedded PostgreSQL in ${options.dataDir} could not start`, String(error), error);
  }
}

/**
 * For operator commands while a node may be running: the running node's connection, or undefined when no node
 * holds the data directory. Waits up to a minute for a node that is still starting.
 *
 * @throws EmbeddedPostgresError the node does not get ready, or its socket is closed to the caller's user
 */
export async function findRunningEmbeddedPostgres(
  dataDir: string,
): Promise<EmbeddedPostgres["connection"] | undefined> {
  try {
    const home = await findHome(dataDir);
    if (home === undefined) return undefined;
    const holder = await readLockHolder(home);
    if (!holder) return undefined;
    const socketFolder = (await holder.ready(readyWithinMs)) ? await findSocketFolder(home) : undefined;
    if (socketFolder !== undefined) return connectionTo(socketFolder);
    if (!(await readLockHolder(home))) return undefined;
    throw new EmbeddedPostgresError(
      `The node that uses ${dataDir} (process ${holder.pid ?? "unknown"}) does not get its database ready.\n` +
        "Read its log, or stop it and try again.",
    );
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw explainFailure(`The database of ${dataDir} cannot be reached`, String(error), error);
  }
}

async function startIn(
  folder: DataFolder,
  claim: Claim,
  packageFolder: string,
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { log, settings = {} } = options;
  const binaries = await prepareBinaries(packageFolder, folder);
  const durable = settings.fsync === "off" ? "throwaway" : "durable";
  const { data, created } = await initializeCluster(folder, binaries, durable, log);
  await stopOrphans(data, folder.user, log);
  await refuseForeignServer(socketPath(claim.socketFolder), options.dataDir);
  // A killed server leaves it; PostgreSQL would take it for its own where the process id in it is in use again.
  await rm(`${socketPath(claim.socketFolder)}.lock`, { force: true });

  const order = {
    user: folder.user,
    postgres: binaries.postgres,
    args: serverArguments(data, claim.socketFolder, settings),
    env: binaries.env,
    data,
    log,
  };
  const server = await startServer(order);
  const supervisor = supervise(server, order, options.onState ?? (() => undefined));
  claim.announceReady();

  async function stop(): Promise<void> {
    try {
      await supervisor.stop();
      await removeTemporarySocketFolder(folder);
    } finally {
      await claim.release();
    }
  }
  let stopped: Promise<void> | undefined;
  return {
    connection: connectionTo(claim.socketFolder),
    created,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function connectionTo(socketFolder: string): EmbeddedPostgres["connection"] {
  return { host: socketFolder, port: socketPort, ...clusterNames };
}
