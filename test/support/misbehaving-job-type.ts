/** A job type that returns or throws what no job type should. */
import Type from "typebox";
import { defineJobType, JobError } from "../../src/job-types/contract.ts";

function nested(levels: number): unknown {
  let value: unknown = null;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

function cycle(): object {
  const self: Record<string, unknown> = {};
  self.self = self;
  return self;
}

const returned: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  bigint: () => ({ count: 1n }),
  cycle,
  control: () => ({ "a\u0000b": "x\u0000y", lone: "\ud800", pair: "\ud83d\ude00" }),
  "100,000 levels": () => nested(100_000),
  "4,000 levels": () => nested(4_000),
  "250 levels": () => nested(250),
  "40 MiB": () => "x".repeat(40 * 1024 * 1024),
  "a throwing toJSON": () => ({
    toJSON() {
      throw new Error("no JSON of this");
    },
  }),
};

const thrown: Readonly<Record<string, () => unknown>> = {
  "a string": () => "just a string",
  null: () => null,
  undefined: () => undefined,
  "a frozen object": () => Object.freeze({ frozen: true }),
  "an object without a prototype": () => Object.create(null),
  "a thing that refuses every question": () =>
    new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error("no prototype of this");
        },
      },
    ),
  "an error whose message is a number": () => Object.assign(new JobError("HTTP_STATUS", "text"), { message: 5 }),
  "an error with NUL": () => new Error("x\u0000y \ud800"),
  "an error of 20 MiB": () => new Error("x".repeat(20 * 1024 * 1024)),
  "details that are no JSON": () =>
    new JobError("HTTP_STATUS", "details", { details: { count: 1n }, retryable: false }),
  "details of 20 MiB": () =>
    new JobError("HTTP_STATUS", "details", { details: { body: "x".repeat(20 * 1024 * 1024) }, retryable: false }),
  "a pause without end": () =>
    new JobError("HTTP_STATUS", "later", { retryable: true, retryAfterSeconds: Number.POSITIVE_INFINITY }),
  "a pause that is no number": () =>
    new JobError("HTTP_STATUS", "later", { retryable: true, retryAfterSeconds: Number.NaN }),
};

/** `{"returns": …}` or `{"throws": …}`, by the names above. */
export const misbehaving = defineJobType({
  code: "misbehaving",
  name: "Misbehaving",
  description: "Returns or throws what it is told to.",
  paramsSchema: Type.Object({ returns: Type.Optional(Type.String()), throws: Type.Optional(Type.String()) }),
  resultSchema: Type.Unknown(),
  defaults: { timeoutSeconds: 60 },
  async run(_ctx, { returns, throws }) {
    if (throws !== undefined) throw (thrown[throws] ?? unknown(throws))();
    return (returned[returns ?? ""] ?? unknown(returns))();
  },
});

function unknown(name: string | undefined): () => never {
  return () => {
    throw new JobError("INVALID_PARAMS", `misbehaving does not know ${name}`);
  };
}
