import { useEffect, useState } from "react";
import { type LogLine, readLog } from "../../api/jobs.ts";

/** How long until a running job's log is asked for again, in milliseconds. */
const followMs = 1_000;
/** After an error. */
const retryMs = 3_000;

/** What has come of a log so far. */
export interface JobLogState {
  readonly lines: readonly LogLine[];
  /** Whether all that there is has come. */
  readonly isComplete: boolean;
  readonly error: Error | undefined;
}

/** Reads a job's log to its end, and follows it while the job is not over. */
export function useJobLog(jobId: string, isOver: boolean): JobLogState {
  const [state, setState] = useState<JobLogState>({ lines: [], isComplete: false, error: undefined });
  const last = state.lines.at(-1)?.seq ?? 0;
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a round asks again from behind the same line
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (ms: number): void => {
      timer = setTimeout(() => setRound((before) => before + 1), document.hidden ? ms * 5 : ms);
    };
    readLog(jobId, last, stop.signal)
      .then(({ logs, nextCursor }) => {
        const isComplete = nextCursor === null;
        if (logs.length === 0 && !isOver) again(followMs);
        setState((before) => {
          if (logs.length === 0 && before.isComplete === isComplete && before.error === undefined) return before;
          return { lines: logs.length === 0 ? before.lines : [...before.lines, ...logs], isComplete, error: undefined };
        });
      })
      .catch((error: Error) => {
        if (stop.signal.aborted) return;
        setState((before) => ({ ...before, error }));
        again(retryMs);
      });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [jobId, last, isOver, round]);
  return state;
}
