import { expect, test } from "vitest";
import { faultsOfJobOptions } from "./check-job-options.ts";
import { defaultJobOptions, type JobOptions } from "./job-options.ts";

const sound = defaultJobOptions(300);

test("the defaults, and every bound itself, are sound", () => {
  expect(faultsOfJobOptions(sound)).toEqual([]);
  expect(faultsOfJobOptions({ ...sound, waitTimeoutSeconds: 2_678_400, maxConcurrent: 10_000, priority: 9 })).toEqual(
    [],
  );
});

test.each<[string, Partial<JobOptions>]>([
  ["/timeoutSeconds", { timeoutSeconds: 0 }],
  ["/timeoutSeconds", { timeoutSeconds: Number.NaN }],
  ["/waitTimeoutSeconds", { waitTimeoutSeconds: 2_678_401 }],
  ["/queueTimeoutSeconds", { queueTimeoutSeconds: 1.5 }],
  ["/priority", { priority: 10 }],
  ["/maxConcurrent", { maxConcurrent: 0 }],
  ["/concurrencyKey", { concurrencyKey: "x".repeat(257) }],
  ["/emailList", { emailList: Array.from({ length: 51 }, () => "a@example.com") }],
  ["/retry/maxAttempts", { retry: { ...sound.retry, maxAttempts: 101 } }],
  ["/retry/maxSeconds", { retry: { ...sound.retry, maxSeconds: -1 } }],
])("%s is refused: %j", (path, change) => {
  expect(faultsOfJobOptions({ ...sound, ...change }).map((fault) => fault.path)).toEqual([path]);
});

test("what the types forbid is refused by name", () => {
  const wild: JobOptions = JSON.parse(`{"skipNotification":"yes","sendCompletionEmail":false,"sendFailureEmail":false,
    "emailList":[7],"timeoutSeconds":"300","retry":{"maxAttempts":1,"backoff":"linear","initialSeconds":0,"maxSeconds":0,
    "onWorkerLost":"cry","totalSeconds":null},"queueTimeoutSeconds":null,"waitTimeoutSeconds":60,"priority":5,
    "maxConcurrent":null,"concurrencyKey":null,"colour":"red"}`);
  expect(
    faultsOfJobOptions(wild)
      .map((fault) => fault.path)
      .sort(),
  ).toEqual(["/colour", "/emailList", "/retry/backoff", "/retry/onWorkerLost", "/skipNotification", "/timeoutSeconds"]);
});
