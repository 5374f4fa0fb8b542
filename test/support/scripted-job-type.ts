/** A job type that does what a test wrote for it. */
import Type from "typebox";
import { defineJobType, type JobContext, type JobType } from "../../src/job-types/contract.ts";

export type Script = (ctx: JobContext) => Promise<unknown>;

/** Code `scripted`, params `{"script": name}`. */
export function scriptedType(scripts: Readonly<Record<string, Script>>): JobType {
  return defineJobType({
    code: "scripted",
    name: "Scripted",
    description: "Does what a test wrote.",
    paramsSchema: Type.Object({ script: Type.String() }),
    resultSchema: Type.Unknown(),
    defaults: { timeoutSeconds: 60 },
    async run(ctx, { script }) {
      const found = scripts[script];
      if (!found) throw new Error(`there is no script ${script}`);
      return found(ctx);
    },
  });
}

/** A door that scripts wait at until the test opens it. */
export function createDoor(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
