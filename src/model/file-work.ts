/** Work on one file, as a process of its own does it: what is asked, what is heard. */
import type { Readable } from "node:stream";
import type { Static } from "typebox";
import type { ParseOptions, TargetFormat, Transformers } from "./file-params.ts";

/** What is to be done with one file. */
export interface FileTask {
  readonly filename: string;
  /** Of the file as it is opened. */
  readonly bytes: number;
  /** Whether the file goes on behind them: for a sample, the beginning is enough of all but Excel files. */
  readonly isCut: boolean;
  readonly parseOptions: Static<typeof ParseOptions>;
  /** Whether the file is one of errors that an earlier job wrote: its records are those that were refused. */
  readonly isRejects: boolean;
  /** JSON Schemas (draft 2020-12, or 7 where `$schema` says so); null checks nothing. */
  readonly sourceSchema: object | null;
  readonly targetSchema: object | null;
  readonly transformers: Static<typeof Transformers>;
  /** The field that names a record in the file of errors: dotted, as in mappings. */
  readonly recordIdentifierField: string | null;
  /** null: the records are checked and not written. */
  readonly target: Static<typeof TargetFormat> | null;
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
  readonly identifier: unknown;
  readonly outcome: "valid" | "dropped" | "refused";
  /** What it was when it was read, and what each step left of it, in their order; a step that refused or dropped it is not among them. */
  readonly steps: readonly SampledStep[];
  /** Why it was refused: the first ten faults of one step. */
  readonly problems: readonly RecordFault[];
}

/** What a step left of a record. */
export interface SampledStep {
  readonly step: string;
  /** null where it is too large or too deep to be shown. */
  readonly value: unknown;
  /** Then: how its JSON begins. */
  readonly cut: string | null;
}

/** Why a record was refused. */
export interface RecordFault {
  /** `parse`, `sourceSchema`, `transformers/0`, `transformers/0/schema`, `targetSchema`; `target` where its format cannot hold the record. */
  readonly step: string;
  /** JSON Pointer into the record as that step saw it. */
  readonly pointer: string;
  readonly message: string;
}

/** What is heard of the work. */
export interface FileWork {
  /** The file, opened; it stays the caller's. */
  readonly source: number;
  readonly signal: AbortSignal;
  progress(bytes: number, counts: RecordCounts): void;
  /** Takes what is made of the valid records; the work waits for it. */
  target(content: Readable): Promise<unknown>;
  /** Takes the lines about the refused records; the work waits for it. */
  errors(content: Readable): Promise<unknown>;
}

/** What was wrong with the work. */
export interface FileWorkFault {
  readonly kind: "fault";
  /** What is at fault: the file, what was asked of it, or only the bounds of a sample. */
  readonly about: "file" | "params" | "sample";
  readonly message: string;
  /** In the file. */
  readonly line: number | null;
  /** JSON Pointer to the param. */
  readonly path: string | null;
}

/** What has become of the file; of a sample, with the records as far as it came. */
export type FileWorkOutcome = { readonly sample: readonly SampledRecord[] } & (
  | {
      readonly kind: "done";
      readonly counts: RecordCounts /** Whether it was read to its end. */;
      readonly isWhole: boolean;
    }
  | FileWorkFault
);

/** Works on a file to its end, in a process of its own. Throws the reason of the signal, and what `target` and `errors` reject with. */
export type FileProcess = (task: FileTask, work: FileWork) => Promise<FileWorkOutcome>;
