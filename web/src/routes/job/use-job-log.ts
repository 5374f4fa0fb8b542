import { useEffect, useRef, useState } from "react";
import { followStream } from "../../api/event-stream.ts";
import { type LogLine, readLog } from "../../api/jobs.ts";

/** How often a running job's log is asked for while no stream tells of its lines, in milliseconds. */
const askMs = 5_000;

/** What has come of a log so far. */
export interface JobLogState {
  readonly lines: readonly LogLine[];
  /** Whether all that there is has come. */
  readonly isComplete: boolean;
  readonly error: Error | undefined;
  /** Whether the stream that tells of new lines has broken: they are asked for, and come later. */
  readonly isLost: boolean;
}

/**
 * Reads a job's log to its end, and follows it while the job is not over: the node says that there are new lines, and they are read from
 * behind the last, so that each comes once, whole and in order whatever the stream has missed.
 */
export function useJobLog(jobId: string, isOver: boolean): JobLogState {
  const [state, setState] = useState<JobLogState>({ lines: [], isComplete: false, error: undefined, isLost: false });
  const lastSeq = useRef(0);

  useEffect(() => {
    const stop = new AbortController();
    let isAsking = true;
    let isReading = false;
    let isWanted = false;
    const asking = setInterval(() => isAsking && void read(), askMs);

    async function read(): Promise<void> {
      isWanted = true;
      if (isReading) return;
      isReading = true;
      while (isWanted && !stop.signal.aborted) {
        isWanted = false;
        await readPage().catch((error: Error) => {
          if (stop.signal.aborted) return;
          isAsking = true;
          setState((before) => ({ ...before, error }));
        });
      }
      isReading = false;
    }

    async function readPage(): Promise<void> {
      const { logs, nextCursor } = await readLog(jobId, lastSeq.current, stop.signal);
      if (stop.signal.aborted) return;
      lastSeq.current = logs.at(-1)?.seq ?? lastSeq.current;
      isWanted ||= nextCursor !== null;
      if (isOver) isAsking = false;
      setState((before) => ({
        ...before,
        lines: logs.length === 0 ? before.lines : [...before.lines, ...logs],
        isComplete: nextCursor === null,
        error: undefined,
      }));
    }

    void read();
    const leave = isOver
      ? undefined
      : followStream(`kinds=log&jobId=${encodeURIComponent(jobId)}`, {
          events: { log: () => void read(), ready: () => void read(), reset: () => void read() },
          opened() {
            isAsking = false;
            setState((before) => ({ ...before, isLost: false }));
          },
          lost(why) {
            isAsking = why !== "hidden";
            setState((before) => ({ ...before, isLost: why !== "hidden" }));
          },
        });
    if (isOver) setState((before) => ({ ...before, isLost: false }));
    return () => {
      stop.abort();
      clearInterval(asking);
      leave?.();
    };
  }, [jobId, isOver]);
  return state;
}
