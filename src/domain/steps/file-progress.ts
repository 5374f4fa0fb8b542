import type { RecordCounts } from "../../model/file-work.ts";

interface Sized {
  readonly filename: string;
  readonly bytes: number;
}

/** Tells of work on files: bytes done of all, and in words records, rate and what is left. */
export interface FileProgress {
  of(file: Sized): (bytes: number, counts: RecordCounts) => void;
  passed(file: Sized): void;
}

/** Makes it; time is counted from now. */
export function createFileProgress(
  files: readonly Sized[],
  tell: (done: number, total: number, message: string) => void,
): FileProgress {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  return {
    of: (file) => {
      const began = performance.now();
      const place = files.length === 1 ? "" : ` (${files.indexOf(file) + 1} of ${files.length})`;
      return (bytes, { read, invalid }) => {
        const seconds = Math.max(0.001, (performance.now() - began) / 1000);
        const rate = `${whole(read / seconds)} records/s, ${(bytes / seconds / 1_000_000).toFixed(1)} MB/s`;
        const left = bytes > 0 ? `, ${Math.ceil(((total - before - bytes) * seconds) / bytes)} s left` : "";
        tell(
          before + bytes,
          total,
          `${file.filename}${place}: ${whole(read)} records, ${whole(invalid)} not valid; ${rate}${left}`,
        );
      };
    },
    passed(file) {
      before += file.bytes;
      tell(before, total, `${file.filename} is done`);
    },
  };
}

function whole(number: number): string {
  return Math.round(number).toLocaleString("en");
}
