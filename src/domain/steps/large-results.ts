/** Results that are stored apart from their jobs, because a row that is read often should be short. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { JsonText } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import type { Database } from "../../store/database.ts";
import { findJobResult } from "../../store/jobs/find-job-result.ts";
import { readPatiently } from "./read-patiently.ts";

/** Bytes of JSON up to which a result lies in the row of its job. */
const mostInRow = 256 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Whether a result is stored apart. */
export function isLargeResult(result: JsonText): boolean {
  if (result.length > mostInRow) return true;
  // A character is three bytes at most, but for those that count as two characters and are four.
  return result.length * 3 > mostInRow && Buffer.byteLength(result) > mostInRow;
}

/** Compresses a result off the event loop. */
export async function packResult(result: JsonText): Promise<Uint8Array> {
  return compress(result);
}

/**
 * Reads a result that is stored apart, as the bytes of its JSON: to parse megabytes would hold up the node. Undefined where it has
 * gone with its day since the job was read.
 */
export async function readLargeResult(database: Database, key: JobKey): Promise<Uint8Array | undefined> {
  const packed = await readPatiently(database, (sql) => findJobResult(sql, key));
  return packed && decompress(packed);
}
