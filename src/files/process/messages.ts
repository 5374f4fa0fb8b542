/** What a node and a file process say to one another. */
import type { ParseOptions, TargetOptions } from "../formats/open-format.ts";
import type { Transformer } from "./transformers.ts";

/** What is to be done with one file. */
export interface FileTask {
  readonly filename: string;
  readonly bytes: number;
  readonly parseOptions: ParseOptions;
  /** Whether the file is one of errors that an earlier job wrote: its records are those that were refused. */
  readonly isRejects: boolean;
  /** JSON Schemas (draft 2020-12, or 7 where `$schema` says so); null checks nothing. */
  readonly sourceSchema: object | null;
  readonly targetSchema: object | null;
  readonly transformers: readonly Transformer[];
  /** The field that names a record in the file of errors: dotted, as in mappings. */
  readonly recordIdentifierField: string | null;
  /** null: the records are checked and not written. */
  readonly target: TargetOptions | null;
  /** Records read at most; null is all. What each step made of them is then told. */
  readonly sample: number | null;
}

/** How many records came to what. */
export interface RecordCounts {
  readonly read: number;
  readonly valid: number;
  readonly invalid: number;
  /** Those that a transformer made nothing of. */
  readonly dropped: number;
}

/** One record on its way through the steps, for a preview. */
export interface SampledRecord {
  readonly number: number;
  readonly line: number | null;
  /** What it was before and after each step, in their order; it ends where the record was refused. */
  readonly steps: readonly { readonly step: string; readonly value: unknown }[];
  readonly refused: RecordFault | null;
}

/** Why a record was refused. */
export interface RecordFault {
  /** `parse`, `sourceSchema`, `transformers/0`, `transformers/0/schema`, `targetSchema`. */
  readonly step: string;
  /** JSON Pointer into the record as that step saw it. */
  readonly pointer: string;
  readonly message: string;
}

/** What a process tells its node. */
export type FileWord =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly bytes: number; readonly counts: RecordCounts }
  | { readonly kind: "done"; readonly counts: RecordCounts; readonly sample: readonly SampledRecord[] }
  /** The file, or what was asked of it, is at fault. */
  | {
      readonly kind: "fault";
      readonly about: "file" | "params";
      readonly message: string;
      readonly line: number | null;
    };
