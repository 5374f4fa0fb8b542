/** The rules of job options for what does not come through the API, where the wire's schemas hold them: the code of job types. */
import type { FieldError } from "./api-errors.ts";
import { isEmailAddress } from "./email-address.ts";
import { defaultJobOptions, type JobOptions } from "./job-options.ts";

const day = 86_400;
const names = new Set(Object.keys(defaultJobOptions(1)));
const mostAddresses = 50;

/** The faults of options with every default filled in; pointers into them. */
export function faultsOfJobOptions(options: JobOptions): FieldError[] {
  const { retry } = options;
  return [
    ...unknownNames(options),
    ...flag("/skipNotification", options.skipNotification),
    ...flag("/sendCompletionEmail", options.sendCompletionEmail),
    ...flag("/sendFailureEmail", options.sendFailureEmail),
    ...addresses(options.emailList),
    ...inRange("/timeoutSeconds", options.timeoutSeconds, 1, day),
    ...inRange("/waitTimeoutSeconds", options.waitTimeoutSeconds, 1, 31 * day),
    ...orNull("/queueTimeoutSeconds", options.queueTimeoutSeconds, 1, 31 * day),
    ...inRange("/priority", options.priority, 1, 9),
    ...orNull("/maxConcurrent", options.maxConcurrent, 1, 10_000),
    ...inRange("/retry/maxAttempts", retry.maxAttempts, 1, 100),
    ...inRange("/retry/initialSeconds", retry.initialSeconds, 0, day),
    ...inRange("/retry/maxSeconds", retry.maxSeconds, 0, day),
    ...orNull("/retry/totalSeconds", retry.totalSeconds, 1, 31 * day),
    ...oneOf("/retry/backoff", retry.backoff, ["exponential", "fixed"]),
    ...oneOf("/retry/onWorkerLost", retry.onWorkerLost, ["rerun", "fail"]),
    ...keyFaults(options.concurrencyKey),
  ];
}

function unknownNames(options: JobOptions): FieldError[] {
  const unknown = Object.keys(options).filter((name) => !names.has(name));
  return unknown.map((name) => ({ path: `/${name}`, message: "there is no such option" }));
}

function flag(path: string, value: unknown): FieldError[] {
  return typeof value === "boolean" ? [] : [{ path, message: "must be true or false" }];
}

function addresses(list: unknown): FieldError[] {
  const isSound =
    Array.isArray(list) &&
    list.length <= mostAddresses &&
    list.every((one) => typeof one === "string" && isEmailAddress(one));
  return isSound ? [] : [{ path: "/emailList", message: `must be a list of up to ${mostAddresses} addresses` }];
}

function orNull(path: string, value: unknown, least: number, most: number): FieldError[] {
  return value === null ? [] : inRange(path, value, least, most);
}

function inRange(path: string, value: unknown, least: number, most: number): FieldError[] {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return [];
  return [{ path, message: `must be a whole number from ${least} to ${most}` }];
}

function oneOf(path: string, value: unknown, choices: readonly string[]): FieldError[] {
  if (typeof value === "string" && choices.includes(value)) return [];
  return [{ path, message: `must be one of ${choices.join(", ")}` }];
}

function keyFaults(key: unknown): FieldError[] {
  if (key === null || (typeof key === "string" && key.length >= 1 && key.length <= 256)) return [];
  return [{ path: "/concurrencyKey", message: "must be a text of 1–256 characters" }];
}
