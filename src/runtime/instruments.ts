/** Prometheus' instruments, each in one registry. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** Makes a counter; its name ends in `_total`. */
export function counter<Label extends string>(
  register: Registry,
  name: string,
  help: string,
  labelNames: Label[],
): Counter<Label> {
  return new Counter({ name, help, labelNames, registers: [register] });
}

/** Makes a gauge. */
export function gauge<Label extends string>(
  register: Registry,
  name: string,
  help: string,
  labelNames: Label[],
): Gauge<Label> {
  return new Gauge({ name, help, labelNames, registers: [register] });
}

/** Makes a histogram. @param buckets upper bounds, in the unit of the name */
export function histogram<Label extends string>(
  register: Registry,
  name: string,
  help: string,
  labelNames: Label[],
  buckets: number[],
): Histogram<Label> {
  return new Histogram({ name, help, labelNames, buckets, registers: [register] });
}
