/** What a job tells of itself while it runs. */

/** How grave a line of a job's log is, from the least to the most. */
export const logLevels = ["debug", "info", "warn", "error"] as const;

/** The gravity of a line. */
export type LogLevel = (typeof logLevels)[number];

/** One line of a job's log, as it is read. */
export interface JobLogLine {
  /** From 1, increasing over all runs of the job, with gaps between runs. */
  readonly seq: number;
  readonly at: Date;
  /** From 1, over all runs. */
  readonly run: number;
  readonly level: LogLevel;
  readonly message: string;
}

/** How far a run has come; numbers from 0, in whatever unit the job type counts. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
  readonly message: string | null;
  readonly at: Date;
}
