/**
 * A process that works on one file, started by `process-file.ts`, and ends.
 *
 * It holds nothing of the node: no environment, no settings; its file is an open one (descriptor 0), what it makes goes into pipes (1: the
 * target, 4: the errors). It may be killed at any time, and ends when its parent is gone.
 */
import { createReadStream } from "node:fs";
import { Socket } from "node:net";
import { constants, getPriority, setPriority } from "node:os";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { FileTask, RecordFault } from "../../model/file-work.ts";
import { endWithParent } from "../../runtime/end-with-parent.ts";
import { FileFault } from "../formats/file-fault.ts";
import { formatOf, openReader, openWriter } from "../formats/open-format.ts";
import type { FileRecord, FileSource, RecordWriter } from "../formats/records.ts";
import { ParamsFault } from "../params-fault.ts";
import type { FileWord } from "./messages.ts";
import { compileSteps, type StepOutcome } from "./run-steps.ts";
import { createSampler, SampleEnd } from "./sample-records.ts";
import { fieldAt } from "./transformers.ts";

const tellEveryMs = 500;

/** How long records are worked on without a turn for anything else. */
const turnEveryMs = 200;

// The node answers everybody, and there may be more of these than processors. A process that is below that already may not rise.
if (getPriority() < constants.priority.PRIORITY_BELOW_NORMAL) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
endWithParent();

const tell = (word: FileWord): void => void process.send?.(word);

process.once("message", (task: FileTask) => {
  work(task).then(
    (done) => process.send?.(done, () => process.exit()),
    (error: unknown) => process.send?.(faultOf(error), () => process.exit()),
  );
});
tell({ kind: "ready" });

async function work(task: FileTask): Promise<FileWord> {
  const counts = { read: 0, valid: 0, invalid: 0, dropped: 0 };
  let bytes = 0;
  let isWhole = true;
  const source: FileSource = {
    bytes: task.bytes,
    async open(range) {
      const { first = 0, last = task.bytes - 1 } = range ?? {};
      if (last < first) return Readable.from([]);
      const stream = createReadStream("", {
        fd: 0,
        autoClose: false,
        start: first,
        end: last,
        highWaterMark: 256 * 1024,
      });
      stream.on("data", (chunk) => {
        bytes = Math.min(task.bytes, bytes + chunk.length);
      });
      return task.isCut && last === task.bytes - 1 ? brokenAtItsEnd(stream, task.bytes) : stream;
    },
  };
  const format = formatOf(task.filename, task.parseOptions);
  if (task.isCut && format === "excel") throw new SampleEnd(`An Excel file is looked at up to ${task.bytes} bytes`);
  const read = task.isRejects ? rejectsReader() : openReader(task.filename, task.parseOptions);
  const isText = !task.isRejects && (format === "delimited" || format === "xml");
  const sampler =
    task.sample === null ? undefined : createSampler(task.sample, (record) => tell({ kind: "sampled", record }));
  const run = compileSteps(task, isText ? "texts" : "typed");
  // Each line of a file of errors says what its record is.
  const runTexts = task.isRejects ? compileSteps(task, "texts") : run;
  const writer = task.target && openWriter(task.target);
  const errors = new Socket({ fd: 4, readable: false, writable: true });
  const tellProgress = (): void => tell({ kind: "progress", bytes, counts });
  const telling = setInterval(tellProgress, tellEveryMs);
  let turnedAt = performance.now();

  async function* validBatches(): AsyncGenerator<readonly unknown[]> {
    for await (const batch of read(source)) {
      const valid: unknown[] = [];
      let refused = "";
      for (const record of batch) {
        if (sampler?.isFull()) {
          isWhole = false;
          break;
        }
        counts.read += 1;
        const sampled = sampler?.begin(record);
        const before = record.fault === undefined ? record.value : undefined;
        const identifier =
          task.recordIdentifierField === null ? null : (fieldAt(before, task.recordIdentifierField) ?? null);
        const holdsTexts = record.isText ?? isText;
        const going = (holdsTexts ? runTexts : run)(record, sampled?.step);
        const left = going instanceof Promise ? await going : going;
        const outcome = writer && left.kind === "valid" ? fitting(left, writer) : left;
        if (outcome.kind === "valid") {
          counts.valid += 1;
          valid.push(outcome.value);
        } else if (outcome.kind === "dropped") counts.dropped += 1;
        else {
          counts.invalid += 1;
          if (!sampled) refused += errorLine(record, holdsTexts, identifier, outcome.faults);
        }
        sampled?.end(identifier, outcome);
        // Steps that wait for nothing from outside let no timer run, and whoever is not told takes the work for stuck.
        if (performance.now() - turnedAt > turnEveryMs) {
          tellProgress();
          await nextTurn();
          turnedAt = performance.now();
        }
      }
      if (refused !== "" && !errors.write(refused)) await new Promise((resolve) => errors.once("drain", resolve));
      if (valid.length > 0) yield valid;
      if (!isWhole) return;
    }
  }

  try {
    if (task.target && writer) {
      const target = new Socket({ fd: 1, readable: false, writable: true });
      const records = Readable.from(writer.write(validBatches()), { objectMode: false });
      if (task.target.compression === "gzip") await pipeline(records, createGzip(), target);
      else await pipeline(records, target);
    } else for await (const _ of validBatches());
    await new Promise<void>((resolve) => errors.end(resolve));
  } finally {
    clearInterval(telling);
  }
  return { kind: "done", counts, isWhole };
}

/** What the target's format cannot hold is refused alone. */
function fitting(left: StepOutcome & { readonly kind: "valid" }, writer: RecordWriter): StepOutcome {
  const message = writer.faultOf(left.value);
  return message === undefined ? left : { kind: "refused", faults: [{ step: "target", pointer: "", message }] };
}

/** The bytes as they come, then a fault: what comes behind them was left out. */
function brokenAtItsEnd(stream: Readable, bytes: number): Readable {
  async function* pieces(): AsyncGenerator<unknown> {
    yield* stream;
    throw new SampleEnd(`Of this file the first ${bytes} bytes are looked at`);
  }
  return Readable.from(pieces(), { highWaterMark: 1 });
}

function errorLine(
  { line, number, value }: FileRecord,
  isText: boolean,
  identifier: unknown,
  faults: readonly RecordFault[],
): string {
  const { step, pointer, message } = faults[0] ?? { step: "parse", pointer: "", message: "is not valid" };
  const values = isText ? "texts" : "typed";
  return `${JSON.stringify({ line, number, identifier, step, pointer, message, values, record: value ?? null })}\n`;
}

/** Reads a file of errors for the records that it holds, under the line and number that they had in their own file. */
function rejectsReader(): (source: FileSource) => AsyncGenerator<readonly FileRecord[]> {
  const lines = openReader("errors.jsonl", { format: "jsonl" });
  return async function* read(source) {
    for await (const batch of lines(source)) yield batch.map(rejectOf);
  };
}

function rejectOf(entry: FileRecord): FileRecord {
  const { value, fault } = entry;
  if (fault !== undefined || typeof value !== "object" || value === null || !("record" in value)) {
    return { ...entry, fault: fault ?? "is no line of a file of errors" };
  }
  const line = "line" in value && typeof value.line === "number" ? value.line : null;
  const number = "number" in value && typeof value.number === "number" ? value.number : entry.number;
  return { number, line, value: value.record, isText: "values" in value && value.values === "texts" };
}

function faultOf(error: unknown): FileWord {
  const fault = { kind: "fault", line: null, path: null } as const;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ParamsFault) return { ...fault, about: "params", message, path: error.path };
  if (error instanceof FileFault) return { ...fault, about: "file", message, line: error.line };
  if (error instanceof SampleEnd) return { ...fault, about: "sample", message };
  return { ...fault, about: "file", message: `The file could not be read to its end: ${message}` };
}
