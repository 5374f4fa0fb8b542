/** What the address of a bucket says. */
export interface BucketSearch {
  /** A glob. */
  pattern?: string;
  cursor?: string;
}

/** Reads the address; what is not understood becomes undefined. */
export function readBucketSearch({ pattern, cursor }: Record<string, unknown>): BucketSearch {
  return {
    pattern: pattern === undefined || pattern === "" ? undefined : String(pattern),
    cursor: typeof cursor === "string" && cursor !== "" ? cursor : undefined,
  };
}
