/**
 * The composition root: a configuration becomes a running node.
 *
 * States: starting → running → draining → stopped. Invariants: a node serves only when the schema is there; while it
 * drains it answers, is not ready and claims nothing; what it still holds at the end goes back to the queue.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Config } from "./config/settings.ts";
import { createAdmitter } from "./domain/admit-jobs.ts";
import { announceJobs } from "./domain/announce-jobs.ts";
import { createAuthenticator } from "./domain/authenticate.ts";
import { checkReadiness } from "./domain/check-readiness.ts";
import type { Context } from "./domain/context.ts";
import { createJobWriter } from "./domain/create-jobs.ts";
import { createSignInLink } from "./domain/create-sign-in-link.ts";
import { createFileStorage } from "./domain/file-storage.ts";
import { forgetNode } from "./domain/forget-node.ts";
import { hearOthers } from "./domain/hear-others.ts";
import { createStateKeeper } from "./domain/keep-state.ts";
import { createHolds } from "./domain/let-held-jobs.ts";
import { createQueueLengths } from "./domain/limit-queues.ts";
import { maintainStorage } from "./domain/maintain-storage.ts";
import { createChildren } from "./domain/read-children.ts";
import { readSecrets } from "./domain/read-secrets.ts";
import { createParentResumer } from "./domain/resume-parents.ts";
import { signingSecret } from "./domain/signing-secret.ts";
import { takeBackClaims } from "./domain/take-back-claims.ts";
import { createJobWaiter } from "./domain/wait-for-job.ts";
import { connectionsFor, createEgress } from "./egress/egress.ts";
import { createExpressions } from "./expressions/expressions.ts";
import { processFile } from "./files/process/process-file.ts";
import { buildApp } from "./http/app.ts";
import type { JobType } from "./job-types/contract.ts";
import { builtInJobTypes } from "./job-types/registry.ts";
import { type Liveness, usualLiveness } from "./model/liveness.ts";
import { createChangeFeed } from "./runtime/change-feed.ts";
import { createClock } from "./runtime/clock.ts";
import { createEvents } from "./runtime/events.ts";
import type { Logger } from "./runtime/logger.ts";
import { createMetrics } from "./runtime/metrics.ts";
import type { Service } from "./runtime/service.ts";
import { createTurns } from "./runtime/turns.ts";
import { createWebhookSender } from "./scheduler/send-webhook.ts";
import { createFirstCustomer, refreshCredentials } from "./startup/credentials.ts";
import { closeApp, greet, listen, watchConnections } from "./startup/listening.ts";
import { openBlobStorage } from "./startup/open-blob-storage.ts";
import { openStorage } from "./startup/open-storage.ts";
import { addressAt, originAt } from "./startup/origin.ts";
import { openSecretKeys } from "./startup/secret-keys.ts";
import { mailDeliveries, mailServer, openMail } from "./startup/senders.ts";
import { createServices } from "./startup/services.ts";
import { readTls, type Tls } from "./startup/tls.ts";
import type { ClaimAhead } from "./worker/claim-ahead.ts";
import { createHeartbeat } from "./worker/heartbeat.ts";
import { createCatalogue } from "./worker/job-type-catalogue.ts";
import { createWorker } from "./worker/run-claimed-jobs.ts";

export { maskedError } from "./worker/run-secrets.ts";

import { createRunFiles } from "./worker/run-files.ts";

/** How long running jobs may take to end when the node is told to stop. */
const stopGraceMs = 25_000;
/** How long clients with kept-alive connections have to ask once more, and hear that they should go elsewhere. */
const clientGraceMs = 1_000;
/** How long a run that was told to end may take to notice. */
const abortGraceMs = 10_000;

/** Files that a node works on at once. */
const mostFileProcesses = 4;
const fileProcessLimits = { memoryMiB: 192, silenceMs: 60_000 };
/** Files that a node shows to people at once. */
const mostPreviews = 2;
/** What one record may take is well under what the next preview of the customer waits for a place. */
const previewLimits = { memoryMiB: 192, silenceMs: 6_000, totalMs: 15_000 };

/** A running node. */
export interface Node {
  readonly context: Context;
  /** Where it listens. */
  readonly origin: string;
  /** Its background services, by name; tests drive them. */
  readonly services: ReadonlyMap<string, Service>;
  /** Jobs that run here now. */
  running(): number;
  /** Drains for `graceMs` (25 s), hands the rest back and stops; a second call waits for the first. */
  stop(graceMs?: number): Promise<void>;
}

/** What a caller other than the command line adds or changes. */
export interface NodeOptions {
  /** Job types besides those that come with Punctual. */
  readonly jobTypes?: readonly JobType[];
  /** `byHand`: services do nothing until somebody runs them. */
  readonly services?: "running" | "byHand";
  /** Milliseconds until a run that ignores its signal is dropped; 10,000 unless said. */
  readonly abortGraceMs?: number;
  /** How many jobs are claimed before there are slots for them; as the pace of their ends asks for unless said. */
  readonly claimAhead?: ClaimAhead;
  /** Milliseconds that the start waits for a database that is not there yet; 30,000 unless said. */
  readonly databasePatienceMs?: number;
  /** How nodes learn that one has died; `usualLiveness` unless said. */
  readonly liveness?: Liveness;
}

/**
 * Starts a node.
 *
 * @throws EmbeddedPostgresError, StartError
 */
export async function startNode(config: Config, log: Logger, options: NodeOptions = {}): Promise<Node> {
  const tls = await readTls(config);
  const storage = await openStorage(config, log, options.databasePatienceMs);
  try {
    return await startOn(storage, tls, config, log, options);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

async function startOn(
  storage: Awaited<ReturnType<typeof openStorage>>,
  tls: Tls | null,
  config: Config,
  log: Logger,
  options: NodeOptions,
): Promise<Node> {
  const { database } = storage;
  const events = createEvents();
  const changes = createChangeFeed();
  const metrics = createMetrics();
  const jobTypes = createCatalogue([...builtInJobTypes, ...(options.jobTypes ?? [])]);
  const clock = createClock();
  const sender = await openMail(config);
  let port = config.port;
  const address = () => addressAt(config, port);
  const admitter = createAdmitter(database, events, log);
  const context: Context = {
    node: { nodeId: randomUUID(), name: `${hostname()}:${process.pid}`, roles: config.roles },
    database,
    jobTypes,
    jobWriter: createJobWriter(database, events, changes, metrics, admitter.admit),
    admitter,
    parents: createParentResumer({ database, events, admitter, log }),
    holds: createHolds(database, events, admitter, log),
    queueLengths: createQueueLengths(database, config.maxQueued),
    jobWaiter: createJobWaiter(database, events, log),
    retentionDays: config.retentionDays,
    storage: createFileStorage(database, await openBlobStorage(config), config.maxFileBytes, log),
    fileProcess: (task, work) => processFile(task, work, task.sample === null ? fileProcessLimits : previewLimits),
    fileTurns: createTurns(mostFileProcesses),
    previewTurns: createTurns(mostPreviews),
    secretKeys: await openSecretKeys(config, database, log),
    mail: sender && mailServer(sender, address, clock.now),
    events,
    changes,
    clock,
    metrics,
    log,
  };
  const authenticator = createAuthenticator(database, events);
  const liveness = options.liveness ?? usualLiveness;
  const heartbeat = createHeartbeat(context, liveness);
  await heartbeat.runOnce();
  await maintainStorage(context);
  if (storage.exclusive) await takeBackClaims(context, 0);
  const firstKey = await createFirstCustomer(config, context);
  const stopHearing = await hearOthers(context);
  announceJobs(context, heartbeat.hasOthers);
  // Said now where it is another than the other nodes'; what needs the storage asks again.
  await context.storage
    .check()
    .catch((error: unknown) => log.warn({ err: error }, "the storage of files cannot be reached"));

  const egress = createEgress({
    allow: config.egressAllow,
    deny: config.egressDeny,
    proxy: config.egressProxy,
    noProxy: config.egressNoProxy,
    allowInsecureTls: config.egressInsecureTls === "allow",
    connectionsPerOrigin: connectionsFor(config.workerSlots),
  });
  const expressions = createExpressions();
  const tools = {
    jobTypes,
    fetch: egress.fetch,
    openSftp: egress.openSftp,
    children: createChildren(context),
    files: createRunFiles(context),
    states: createStateKeeper(context),
    readSecrets: (customerCode: string, codes: readonly string[]) => readSecrets(context, customerCode, codes),
    evaluate: expressions.evaluate,
    now: context.clock.now,
    abortGraceMs: options.abortGraceMs ?? abortGraceMs,
    maxResultBytes: config.maxResultBytes,
  };
  const worker = config.roles.includes("worker")
    ? createWorker(context, tools, heartbeat, config.workerSlots, options.claimAhead)
    : undefined;
  const running = () => worker?.running() ?? 0;
  metrics.watchDatabase(database.load);
  metrics.watchSlots(() => ({ taken: worker?.slotsTaken() ?? 0, all: worker ? config.workerSlots : 0 }));
  const senders = {
    ...(sender && { mail: mailDeliveries(sender, address, clock.now) }),
    webhook: createWebhookSender({
      fetch: egress.fetch,
      signingSecret: (customerCode, reference, destination) =>
        signingSecret(context, customerCode, reference, destination),
      now: clock.now,
    }),
  };
  const services = createServices(config, context, authenticator, heartbeat, worker, senders, liveness);

  let state: "running" | "draining" = "running";
  const app = await buildApp({
    log,
    metrics,
    metricsToken: config.metricsToken,
    readiness: () => checkReadiness(context, state),
    isDraining: () => state === "draining",
    tls,
    api: config.roles.includes("api") ? { context, authenticator, prefix: config.apiPrefix, publicUrl: address } : null,
  });
  const clients = watchConnections(app);
  port = await listen(app, config);
  if (options.services !== "byHand") for (const one of services) one.start();
  const origin = originAt(config, port);
  // A node without the API is nothing for a client to turn to.
  const signIn = config.roles.includes("api") ? await refreshCredentials(config, context, address()) : null;
  const link = signIn && firstKey !== null ? await createSignInLink(context, firstKey) : null;
  greet(config, origin, address(), signIn && { ...signIn, link }, log);

  async function stop(graceMs: number): Promise<void> {
    state = "draining";
    changes.close(null, "nodeStops");
    log.info({ jobs: running() }, "stopping: no new jobs are taken, running ones may end");
    await Promise.all([worker?.drain(graceMs), clients.moveOn(Math.min(graceMs, clientGraceMs))]);
    await closeApp(app);
    await context.jobWriter.drained();
    for (const one of services) await one.stop();
    // Last, because a beat would make it known again.
    await forgetNode(context).catch((error: unknown) => log.warn({ err: error }, "the node's row stays behind"));
    expressions.close();
    await egress.close();
    await stopHearing();
    await storage.close();
    log.info("stopped");
  }
  let stopped: Promise<void> | undefined;
  return {
    context,
    origin,
    services: new Map(services.map((one) => [one.name, one])),
    running,
    stop(graceMs = stopGraceMs) {
      stopped ??= stop(graceMs);
      return stopped;
    },
  };
}
