/** A request and what has come of it so far: what a failure can tell, at whatever point it happens. */
import type { OutgoingRequest, OutgoingResponse } from "../contract.ts";
import type { HiddenNames } from "./mask.ts";

/** Bytes of each body, sent and answered, that a failure keeps: 16 KiB. */
export const maxDetailBytes = 16 * 1024;

/** Milliseconds of each part; null for what has not been, and for what a kept connection needed not. */
export interface Timings {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  readonly firstByteMs: number | null;
  readonly bodyMs: number | null;
  readonly totalMs: number;
}

/** One call under way. */
export interface Exchange {
  readonly startedAt: number;
  readonly hidden: HiddenNames;
  request: OutgoingRequest | undefined;
  stage: "building" | "token" | "sent";
  response: OutgoingResponse | undefined;
  headAt: number | undefined;
  /** The body as far as it has come. */
  readonly received: Uint8Array[];
  /** Whether that is all of it. */
  bodyEnded: boolean;
}

/** A call that has not begun. */
export function newExchange(hidden: HiddenNames): Exchange {
  return {
    startedAt: performance.now(),
    hidden,
    request: undefined,
    stage: "building",
    response: undefined,
    headAt: undefined,
    received: [],
    bodyEnded: false,
  };
}

/** How long each part of a call has taken so far; null for what has not been, and for what a kept connection needed not. */
export function timingsOf({ response, startedAt, headAt }: Exchange): Timings {
  const now = performance.now();
  const timings = response?.timings;
  return {
    dnsMs: rounded(timings?.dnsMs),
    connectMs: rounded(timings?.connectMs),
    tlsMs: rounded(timings?.tlsMs),
    firstByteMs: rounded(timings?.firstByteMs),
    bodyMs: rounded(headAt === undefined ? null : now - headAt),
    totalMs: rounded(now - startedAt) ?? 0,
  };
}

/** To a hundredth of a millisecond: more digits would only pretend. */
function rounded(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : Math.round(ms * 100) / 100;
}
