/**
 * What a node measures, in Prometheus' terms.
 *
 * Invariant: what tells customers apart is kept in a registry of its own, so that it cannot show without the token;
 * there are at most 500 customers' labels, the others are `other`.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const mostCustomers = 500;

export interface Metrics {
  jobsCreated(customerCode: string, jobType: string): void;
  jobFinished(customerCode: string, jobType: string, status: string): void;
  requestAnswered(method: string, route: string, status: number, seconds: number): void;
  /** Asks for the taken and all slots whenever the metrics are read. */
  watchSlots(read: () => { taken: number; all: number }): void;
  /** The text format of Prometheus. */
  text(customers: "told" | "withheld"): Promise<string>;
}

/** Makes the node's metrics. */
export function createMetrics(): Metrics {
  const open = new Registry();
  const byCustomer = new Registry();
  const customers = new Set<string>();
  let readSlots = () => ({ taken: 0, all: 0 });
  collectDefaultMetrics({ register: open });

  const created = counter(open, "punctual_jobs_created_total", "Jobs created on this node.", ["job_type"]);
  const finished = counter(open, "punctual_jobs_finished_total", "Jobs that ended on this node.", [
    "job_type",
    "status",
  ]);
  const createdBy = counter(
    byCustomer,
    "punctual_customer_jobs_created_total",
    "Jobs created on this node, by customer.",
    ["customer", "job_type"],
  );
  const finishedBy = counter(
    byCustomer,
    "punctual_customer_jobs_finished_total",
    "Jobs that ended on this node, by customer.",
    ["customer", "job_type", "status"],
  );
  const requests = new Histogram({
    name: "punctual_http_request_duration_seconds",
    help: "Time from a request's arrival to its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [open],
  });
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

  function bounded(customerCode: string): string {
    if (customers.has(customerCode)) return customerCode;
    if (customers.size >= mostCustomers) return "other";
    customers.add(customerCode);
    return customerCode;
  }

  return {
    jobsCreated(customerCode, jobType) {
      created.inc({ job_type: jobType });
      createdBy.inc({ customer: bounded(customerCode), job_type: jobType });
    },
    jobFinished(customerCode, jobType, status) {
      finished.inc({ job_type: jobType, status });
      finishedBy.inc({ customer: bounded(customerCode), job_type: jobType, status });
    },
    requestAnswered(method, route, status, seconds) {
      requests.observe({ method, route, status }, seconds);
    },
    watchSlots(read) {
      readSlots = read;
    },
    async text(shown) {
      const parts = [await open.metrics()];
      if (shown === "told") parts.push(await byCustomer.metrics());
      return parts.join("\n");
    },
  };
}

function counter<Label extends string>(
  register: Registry,
  name: string,
  help: string,
  labelNames: Label[],
): Counter<Label> {
  return new Counter({ name, help, labelNames, registers: [register] });
}
