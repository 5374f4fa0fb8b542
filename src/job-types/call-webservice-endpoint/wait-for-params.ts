/** The `waitFor` of a call: how long work at the other end is watched. */
import Type, { type Static } from "typebox";
import type { Fault, IsOpen } from "../shared/fault.ts";
import { checkExpression } from "./check-expression.ts";
import { Expression, Statuses } from "./param-schemas.ts";

/** Where the address to ask is found unless the params say otherwise. */
export const defaultPollUrl = "headers.location";

/** Statuses that mean "not yet" unless the params say otherwise. */
export const defaultPendingStatus: readonly (number | string)[] = ["200-399", 408, 425, 429, "500-599"];

/** Statuses that mean "done" where neither `until` nor `untilStatus` is given. */
export const defaultUntilStatus: readonly (number | string)[] = [200, 201, "203-299"];

/** Seconds between two questions, and all of them together, unless the params say otherwise. */
export const defaultIntervalSeconds = 5;
/** As `defaultIntervalSeconds`. */
export const defaultMaxIntervalSeconds = 300;
/** As `defaultIntervalSeconds`. */
export const defaultLimitSeconds = 3_600;
/** Questions unless the params say otherwise. */
export const defaultMaxPolls = 1_000;

/** How long work at the other end is watched. */
export const waitForSchema = Type.Object(
  {
    when: Type.Optional(
      Type.Enum(["accepted", "always"], {
        title: "When",
        description: "Wait only after a 202, or whatever the status of the first answer is.",
        default: "accepted",
        examples: ["always"],
      }),
    ),
    url: Type.Optional(
      Expression({
        title: "Where to ask",
        description:
          "A JSONata expression over the first answer, `{status, headers, body}`, for the address to ask; it may be relative.",
        default: defaultPollUrl,
        examples: ["body.links.status", "headers.`operation-location`", '"/exports/" & body.id'],
      }),
    ),
    until: Type.Optional(
      Expression({
        title: "Done when",
        description: "A JSONata expression over an answer that is true once the work is done.",
        examples: ['body.status = "finished"'],
      }),
    ),
    untilStatus: Type.Optional(
      Statuses({
        title: "Done at status",
        description:
          "The statuses that mean that the work is done; with `until` both must hold. Without either, any of success but 202.",
        minItems: 1,
        examples: [[200], [303]],
      }),
    ),
    failWhen: Type.Optional(
      Expression({
        title: "Failed when",
        description:
          "A JSONata expression over an answer that is true once the work has failed, which fails the job. A text becomes its message.",
        examples: ['body.status = "error" ? body.message'],
      }),
    ),
    pendingStatus: Type.Optional(
      Statuses({
        title: "Not yet at status",
        description: "The statuses after which it is asked again. Any other fails the job, unless the work is done.",
        default: [...defaultPendingStatus],
        minItems: 1,
        examples: [["200-299", 404]],
      }),
    ),
    intervalSeconds: Type.Optional(
      Type.Integer({
        title: "Interval",
        description: "Seconds between two questions. `Retry-After` of an answer is heeded in its place, up to an hour.",
        default: defaultIntervalSeconds,
        minimum: 1,
        maximum: 3_600,
        examples: [30],
      }),
    ),
    intervalFactor: Type.Optional(
      Type.Number({
        title: "Growth of the interval",
        description: "By how much each interval is longer than the one before, up to `maxIntervalSeconds`.",
        default: 1,
        minimum: 1,
        maximum: 10,
        examples: [1.5],
      }),
    ),
    maxIntervalSeconds: Type.Optional(
      Type.Integer({
        title: "Longest interval",
        default: defaultMaxIntervalSeconds,
        minimum: 1,
        maximum: 3_600,
        examples: [600],
      }),
    ),
    limitSeconds: Type.Optional(
      Type.Integer({
        title: "Limit of time",
        description: "Seconds from the first answer after which the job fails with `TIMED_OUT`.",
        default: defaultLimitSeconds,
        minimum: 1,
        maximum: 2_678_400,
        examples: [86_400],
      }),
    ),
    maxPolls: Type.Optional(
      Type.Integer({
        title: "Limit of questions",
        description: "Questions after which the job fails with `TIMED_OUT`.",
        default: defaultMaxPolls,
        minimum: 1,
        maximum: 5_000,
        examples: [100],
      }),
    ),
    credentials: Type.Optional(
      Type.Enum(["sameOrigin", "always"], {
        title: "Credentials",
        description:
          "Whether `auth`, `tls` and headers that might be credentials go along only to the origin of `url`, or wherever the answer sends us.",
        default: "sameOrigin",
        examples: ["always"],
      }),
    ),
  },
  {
    title: "Wait for the work",
    description:
      "For webservices that take work and do it later: asks an address of the answer until the work is done. Between two questions the job is `WAITING` and holds no slot. The result is the last answer.",
    examples: [{ until: 'body.status = "finished"', intervalSeconds: 30, limitSeconds: 7_200 }],
    additionalProperties: false,
  },
);

/** The `waitFor` of a call. */
export type WaitFor = Static<typeof waitForSchema>;

/** What is wrong with `waitFor`. */
export function checkWaitFor(waitFor: WaitFor, isOpen: IsOpen): Fault[] {
  const { when, until, untilStatus, url, failWhen, intervalSeconds = defaultIntervalSeconds } = waitFor;
  const { maxIntervalSeconds } = waitFor;
  const faults = [
    ...checkExpression(url, "/waitFor/url", isOpen),
    ...checkExpression(until, "/waitFor/until", isOpen),
    ...checkExpression(failWhen, "/waitFor/failWhen", isOpen),
  ];
  if (when === "always" && until === undefined && untilStatus === undefined) {
    faults.push({ path: "/waitFor/until", message: 'is missing: with when "always" say when the work is done' });
  }
  if (maxIntervalSeconds !== undefined && maxIntervalSeconds < intervalSeconds) {
    faults.push({
      path: "/waitFor/maxIntervalSeconds",
      message: `is less than intervalSeconds, ${intervalSeconds}; raise it, or leave it out`,
    });
  }
  return faults;
}
