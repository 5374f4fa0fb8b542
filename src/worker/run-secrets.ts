/**
 * The secrets of one run: which it has been given, how they are hidden in what it tells, and where they may go.
 *
 * Invariant: a value is known to the mask before the run's code sees it.
 */
import type { JobContext } from "../job-types/contract.ts";
import type { JsonText } from "../model/job.ts";
import { JobError } from "../model/job-errors.ts";
import { createSecretMask, type SecretMask } from "../model/mask-secrets.ts";
import { mostSecretsOfJob, type SecretValue } from "../model/secret.ts";
import { storableJson } from "../model/storable-json.ts";

/** Reads secrets of a customer. @throws JobError SECRET_NOT_FOUND, SECRET_UNREADABLE */
export type ReadSecrets = (customerCode: string, codes: readonly string[]) => Promise<readonly SecretValue[]>;

/** What a run knows of secrets. */
export interface RunSecrets {
  readonly mask: Pick<SecretMask, "text" | "json" | "values">;
  /** Those that have been read so far. */
  known(): readonly SecretValue[];
  /** Reads secrets that the run has not read yet. @throws JobError SECRET_NOT_FOUND, SECRET_UNREADABLE, INVALID_PARAMS */
  read(codes: readonly string[], from: ReadSecrets, customerCode: string): Promise<ReadonlyMap<string, string>>;
  /** Whether JSON holds a value of them, in whichever form it is recognised. */
  holds(json: JsonText): boolean;
  /** Hides one more value, which is none of the customer's secrets. */
  hide(value: string): void;
}

/** The masks of runs that hold secrets, for as long as anything of their code does. */
const masks = new Set<WeakRef<SecretMask>>();
const forgotten = new FinalizationRegistry<WeakRef<SecretMask>>((mask) => masks.delete(mask));

/**
 * An error as the node's log may tell it although nobody knows which run it comes from: its message and stack without the secrets of all
 * runs, and nothing besides.
 */
export function maskedError(error: unknown): Error {
  const hide = (text: string) => [...masks].reduce((shown, mask) => mask.deref()?.text(shown) ?? shown, text);
  const told = new Error(hide(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error) {
    told.name = error.name;
    told.stack = hide(error.stack ?? "");
  }
  return told;
}

const hidesNothing = createSecretMask();
const knowsNothing: ReadonlyMap<string, SecretValue> = new Map();
const noValues: ReadonlyMap<string, string> = new Map();

/** Makes the secrets of a run, which has read none. */
export function createRunSecrets(): RunSecrets {
  // Most runs have none: what they would need is made with the first.
  let mask = hidesNothing;
  let known = knowsNothing;

  function hide(value: string): void {
    if (mask === hidesNothing) {
      mask = createSecretMask();
      const held = new WeakRef(mask);
      masks.add(held);
      forgotten.register(mask, held);
    }
    mask.add(value);
  }

  return {
    mask: { text: (text) => mask.text(text), json: (value) => mask.json(value), values: () => mask.values() },
    known: () => [...known.values()],
    async read(codes, from, customerCode) {
      if (codes.length === 0 && known.size === 0) return noValues;
      const fresh = codes.filter((code) => !known.has(code));
      if (known.size + fresh.length > mostSecretsOfJob) {
        throw new JobError(
          "INVALID_PARAMS",
          `The job uses ${known.size + fresh.length} secrets; ${mostSecretsOfJob} is the most.`,
        );
      }
      for (const secret of fresh.length === 0 ? [] : await from(customerCode, fresh)) {
        hide(secret.value);
        known = new Map(known).set(secret.code, secret);
      }
      return new Map([...known.values()].map(({ code, value }) => [code, value]));
    },
    holds: (json) =>
      mask.values().length > 0 && storableJson(mask.json(JSON.parse(json))) !== storableJson(JSON.parse(json)),
    hide,
  };
}

/** Makes `ctx.secrets`. */
export function createContextSecrets(
  secrets: RunSecrets,
  from: ReadSecrets,
  customerCode: string,
): JobContext["secrets"] {
  return {
    async get(code) {
      const value = (await secrets.read([code], from, customerCode)).get(code);
      if (value === undefined) throw new JobError("SECRET_NOT_FOUND", `There is no secret ${code}.`);
      return value;
    },
    hide: secrets.hide,
    mask: secrets.mask.text,
  };
}
