/** What readers give and writers take: records in batches, as they come. */
import type { Readable } from "node:stream";
import type { ByteRange } from "../../model/blob-storage.ts";

/** One record of a file. */
export interface FileRecord {
  /** From 1. */
  readonly number: number;
  /** On which line it ends or begins, from 1; null where the format has no lines. */
  readonly line: number | null;
  /** What the record says; undefined where it could not be read. */
  readonly value: unknown;
  /** Why it could not be read, while the file goes on. */
  readonly fault?: string;
  /** Whether its values are texts that stand for others; as its format has it unless said. */
  readonly isText?: boolean;
}

/** A stored file that is read. */
export interface FileSource {
  readonly bytes: number;
  open(range?: ByteRange): Promise<Readable>;
}

/** Records as they are read: each batch is small. Throws FileFault where the file cannot be read on, behind the records before it. */
export type RecordReader = (source: FileSource) => AsyncIterable<readonly FileRecord[]>;

/** Makes bytes of records. */
export interface RecordWriter {
  /** Why the format cannot hold a record; undefined where it can. Asked of each record, in their order, before it is written. */
  faultOf(record: unknown): string | undefined;
  /** Writes records without such a fault. */
  write(batches: AsyncIterable<readonly unknown[]>): AsyncIterable<string | Uint8Array>;
}
