/**
 * What a node measures, in Prometheus' terms. docs/guides/metrics.md lists all of it.
 *
 * Invariant: what tells customers apart is kept in a registry of its own, so that it cannot show without the token;
 * there are at most 500 customers' labels, the others are `other`.
 */
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { type DeliveryKind, type DeliveryState, deliveryKinds, deliveryStates } from "../model/delivery.ts";
import { counter, gauge, histogram } from "./instruments.ts";
import { jobInstruments } from "./job-instruments.ts";
import { scheduleInstruments } from "./schedule-instruments.ts";

const mostCustomers = 500;

/** A count of unfinished jobs. */
export interface QueueSample {
  readonly customerCode: string;
  readonly state: string;
  readonly jobs: number;
  /** How long the oldest of them has been due. */
  readonly oldestSeconds: number;
}

/** How much the connections of the database have to do. */
export interface DatabaseLoad {
  /** What has been begun and not ended, whether it has a connection or waits for one. */
  readonly underWay: number;
  readonly connections: number;
}

/** Takes in what the parts of a node measure, and writes it out for Prometheus. */
export interface Metrics {
  jobsCreated(customerCode: string, jobType: string): void;
  /** @param queueMs from the moment the job might have run; null for a claim that tells nothing of the queue */
  jobClaimed(customerCode: string, jobType: string, queueMs: number | null): void;
  /** A run that has come to an end here, whatever comes of the job. */
  runEnded(customerCode: string, jobType: string, outcome: string, runMs: number): void;
  jobFinished(customerCode: string, jobType: string, status: string): void;
  /** A job that a schedule has made here. @param latenessMs from the moment at which it should have fired */
  occurrenceFired(customerCode: string, outcome: "fired" | "late", latenessMs: number): void;
  /** Occurrences of one schedule for which no job was made. */
  occurrencesWithoutJob(customerCode: string, outcome: "skipped" | "missed", count: number): void;
  /** Replaces what was known of how far schedules are behind: seconds, 0 where nothing is due, or put aside. */
  schedulesSampled(lag: { readonly due: number; readonly backlog: number }): void;
  /** A try to send a mail or to call a webhook, and what has become of it. */
  deliveryTried(kind: DeliveryKind, state: DeliveryState): void;
  /** Replaces what was known of what waits to be sent. */
  deliveriesSampled(samples: readonly { readonly kind: DeliveryKind; readonly waiting: number }[]): void;
  requestAnswered(method: string, route: string, status: number, seconds: number): void;
  /** Replaces what was known of the queue. @param states those that are told also where they are empty */
  queueSampled(states: readonly string[], samples: readonly QueueSample[]): void;
  /** Asks for the taken and all slots whenever the metrics are read. */
  watchSlots(read: () => { taken: number; all: number }): void;
  /** Asks for the load of the database whenever the metrics are read, by what its connections are for. */
  watchDatabase(read: () => Readonly<Record<string, DatabaseLoad>>): void;
  /** The text format of Prometheus. */
  text(customers: "told" | "withheld"): Promise<string>;
}

/** Makes the node's metrics. */
export function createMetrics(): Metrics {
  const open = new Registry();
  const byCustomer = new Registry();
  const customers = new Set<string>();
  let readSlots = () => ({ taken: 0, all: 0 });
  let readDatabase: () => Readonly<Record<string, DatabaseLoad>> = () => ({});
  collectDefaultMetrics({ register: open });

  const both = jobInstruments(open, byCustomer);
  const schedules = scheduleInstruments(open, byCustomer);
  const requests = histogram(
    open,
    "punctual_http_request_duration_seconds",
    "Time from a request's arrival to its answer.",
    ["method", "route", "status"],
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
  );
  const deliveries = counter(
    open,
    "punctual_deliveries_total",
    "Tries of this node to send a mail or to call a webhook.",
    ["kind", "outcome"],
  );
  for (const kind of deliveryKinds) for (const outcome of deliveryStates) deliveries.inc({ kind, outcome }, 0);
  const waiting = gauge(
    open,
    "punctual_deliveries_waiting",
    "Mails and webhook calls of all nodes that wait to be sent, when they were last counted.",
    ["kind"],
  );
  for (const kind of deliveryKinds) waiting.set({ kind }, 0);
  new Gauge({
    name: "punctual_worker_slots",
    help: "Slots of this node's worker.",
    labelNames: ["state"],
    registers: [open],
    collect() {
      const { taken, all } = readSlots();
      this.set({ state: "taken" }, taken);
      this.set({ state: "free" }, all - taken);
    },
  });
  new Gauge({
    name: "punctual_database_work",
    help: "Statements and transactions that are under way on this node: on a connection, or waiting for one.",
    labelNames: ["pool", "state"],
    registers: [open],
    collect() {
      for (const [pool, { underWay, connections }] of Object.entries(readDatabase())) {
        this.set({ pool, state: "active" }, Math.min(underWay, connections));
        this.set({ pool, state: "waiting" }, Math.max(0, underWay - connections));
      }
    },
  });
  new Gauge({
    name: "punctual_database_connections_max",
    help: "Connections that this node opens to the database at most.",
    labelNames: ["pool"],
    registers: [open],
    collect() {
      for (const [pool, { connections }] of Object.entries(readDatabase())) this.set({ pool }, connections);
    },
  });

  function bounded(customerCode: string): string {
    if (customers.has(customerCode)) return customerCode;
    if (customers.size >= mostCustomers) return "other";
    customers.add(customerCode);
    return customerCode;
  }

  function countOccurrences(customerCode: string, outcome: string, count: number): void {
    schedules.occurrences.inc({ outcome }, count);
    schedules.occurrencesBy.inc({ customer: bounded(customerCode), outcome }, count);
  }

  return {
    jobsCreated(customerCode, jobType) {
      both.created.inc({ job_type: jobType });
      both.createdBy.inc({ customer: bounded(customerCode), job_type: jobType });
    },
    jobClaimed(customerCode, jobType, queueMs) {
      const customer = bounded(customerCode);
      both.claimed.inc({ job_type: jobType });
      both.claimedBy.inc({ customer, job_type: jobType });
      if (queueMs === null) return;
      both.queueWait.observe({ job_type: jobType }, queueMs / 1000);
      both.queueWaitBy.observe({ customer }, queueMs / 1000);
    },
    runEnded(customerCode, jobType, outcome, runMs) {
      both.runTime.observe({ job_type: jobType, outcome }, runMs / 1000);
      both.runTimeBy.observe({ customer: bounded(customerCode) }, runMs / 1000);
    },
    jobFinished(customerCode, jobType, status) {
      both.finished.inc({ job_type: jobType, status });
      both.finishedBy.inc({ customer: bounded(customerCode), job_type: jobType, status });
    },
    occurrenceFired(customerCode, outcome, latenessMs) {
      schedules.lateness.observe(Math.max(0, latenessMs) / 1000);
      countOccurrences(customerCode, outcome, 1);
    },
    occurrencesWithoutJob: countOccurrences,
    schedulesSampled({ due, backlog }) {
      schedules.oldestDue.set(due);
      schedules.oldestBacklog.set(backlog);
    },
    deliveryTried(kind, outcome) {
      deliveries.inc({ kind, outcome });
    },
    deliveriesSampled(samples) {
      for (const kind of deliveryKinds) waiting.set({ kind }, 0);
      for (const one of samples) waiting.set({ kind: one.kind }, one.waiting);
    },
    requestAnswered(method, route, status, seconds) {
      requests.observe({ method, route, status }, seconds);
    },
    queueSampled(states, samples) {
      for (const one of [both.queued, both.queuedBy, both.oldestReadyBy]) one.reset();
      for (const state of states) both.queued.set({ state }, 0);
      /** Several customers may share the label `other`. */
      const oldest = new Map<string, number>();
      for (const { customerCode, state, jobs, oldestSeconds } of samples) {
        const customer = bounded(customerCode);
        both.queued.inc({ state }, jobs);
        both.queuedBy.inc({ customer, state }, jobs);
        if (state === "ready") oldest.set(customer, Math.max(oldest.get(customer) ?? 0, oldestSeconds));
      }
      for (const [customer, seconds] of oldest) both.oldestReadyBy.set({ customer }, seconds);
      both.oldestReady.set(Math.max(0, ...oldest.values()));
    },
    watchSlots(read) {
      readSlots = read;
    },
    watchDatabase(read) {
      readDatabase = read;
    },
    async text(shown) {
      const parts = [await open.metrics()];
      if (shown === "told") parts.push(await byCustomer.metrics());
      return parts.join("\n");
    },
  };
}
