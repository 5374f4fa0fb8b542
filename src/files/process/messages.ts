/** What a file process tells its node. */
import type { FileWorkFault, RecordCounts, SampledRecord } from "../../model/file-work.ts";

/** One message. The last one is `done` or `fault`. */
export type FileWord =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly bytes: number; readonly counts: RecordCounts }
  | { readonly kind: "sampled"; readonly record: SampledRecord }
  | { readonly kind: "done"; readonly counts: RecordCounts; readonly isWhole: boolean }
  | FileWorkFault;
