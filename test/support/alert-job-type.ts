/** A job type whose next run a test decides. */
import Type from "typebox";
import { defineJobType, JobError, type JobType } from "../../src/job-types/contract.ts";

type Outcome = "succeeds" | "fails" | "hangs";

/** Makes one; it succeeds unless told otherwise. */
export function createScriptedType(): { type: JobType; next(outcome: Outcome): void; release(): void } {
  let outcome: Outcome = "succeeds";
  let release: () => void = () => undefined;
  const type = defineJobType({
    code: "swayed",
    name: "Swayed",
    description: "Does what the test says.",
    paramsSchema: Type.Object({}),
    resultSchema: Type.Unknown(),
    defaults: { timeoutSeconds: 86_400 },
    async run() {
      if (outcome === "fails") throw new JobError("CONNECTION_LOST", "it was told to", { retryable: false });
      if (outcome === "hangs") {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return {};
    },
  });
  return {
    type,
    next(wanted) {
      outcome = wanted;
    },
    release: () => release(),
  };
}
