import { useInfiniteQuery } from "@tanstack/react-query";
import { readFilePart } from "../../api/buckets.ts";
import { type RefusedRecord, readRefusals } from "./errors-file.ts";

/** Bytes that are read at once; a line that is longer is read in a part twice as large, and so on. */
const firstLength = 128 * 1024;
/** A record has 4 MiB at most; escaped within JSON it may be a few times as long. */
const mostLength = 32 * 1024 * 1024;

interface Part {
  readonly records: readonly RefusedRecord[];
  /** Where the next line begins. */
  readonly next: number;
  readonly total: number;
}

/** The lines of a file of errors, from its beginning, as far as somebody has asked for them. */
export function useRefusals(bucketCode: string, filename: string, sha256: string) {
  return useInfiniteQuery({
    // The hash is part of the key: lines of a file that was replaced do not go on with those of the other.
    queryKey: ["buckets", "refusals", bucketCode, filename, sha256],
    queryFn: ({ pageParam, signal }) => readPart(bucketCode, filename, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next, total }) => (next < total ? next : undefined),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

async function readPart(bucketCode: string, filename: string, from: number, signal: AbortSignal): Promise<Part> {
  for (let length = firstLength; ; length *= 2) {
    const { bytes, total } = await readFilePart(bucketCode, filename, { from, length, signal });
    const isLast = from + bytes.length >= total;
    const end = isLast ? bytes.length : bytes.lastIndexOf(0x0a) + 1;
    if (end === 0 && !isLast && length < mostLength) continue;
    // A line that has no end is no job's, and is shown as far as it came.
    const whole = bytes.subarray(0, end === 0 ? bytes.length : end);
    return { records: readRefusals(new TextDecoder().decode(whole)), next: from + whole.length, total };
  }
}
