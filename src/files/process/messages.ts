/** What a file process tells its node. */
import type { FileWorkOutcome, RecordCounts } from "../../model/file-work.ts";

/** One message. The last one is the outcome. */
export type FileWord =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly bytes: number; readonly counts: RecordCounts }
  | FileWorkOutcome;
