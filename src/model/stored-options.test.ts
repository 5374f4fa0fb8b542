import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultJobOptions, resolveJobOptions } from "./job-options.ts";
import { readStoredOptions, storedOptions } from "./stored-options.ts";

test("a job of which nothing was said keeps its time limit alone", () => {
  expect(storedOptions(defaultJobOptions(60))).toBe('{"timeoutSeconds":60}');
});

test("whatever was said is read as it was written", () => {
  const given = fc.record(
    {
      skipNotification: fc.boolean(),
      sendFailureEmail: fc.boolean(),
      emailList: fc.array(fc.emailAddress(), { maxLength: 2 }),
      timeoutSeconds: fc.integer({ min: 1, max: 86_400 }),
      queueTimeoutSeconds: fc.option(fc.integer({ min: 1, max: 100 })),
      waitTimeoutSeconds: fc.constantFrom(1, 86_400),
      priority: fc.integer({ min: 1, max: 9 }),
      maxConcurrent: fc.option(fc.integer({ min: 1, max: 3 })),
      concurrencyKey: fc.option(fc.string({ minLength: 1 })),
      retry: fc.record(
        {
          maxAttempts: fc.integer({ min: 1, max: 3 }),
          backoff: fc.constantFrom("exponential", "fixed"),
          onWorkerLost: fc.constantFrom("rerun", "fail"),
          totalSeconds: fc.option(fc.integer({ min: 1, max: 9 })),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(given, (said) => {
      const options = resolveJobOptions(said, 300);
      expect(readStoredOptions(JSON.parse(storedOptions(options)))).toEqual(options);
    }),
  );
});

test("options that were stored whole are read as they are", () => {
  const options = resolveJobOptions({ priority: 2 }, 7);
  expect(readStoredOptions(JSON.parse(JSON.stringify(options)))).toEqual(options);
});
