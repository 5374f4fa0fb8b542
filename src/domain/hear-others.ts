import { keyChannel } from "../store/api-keys/announce-key-change.ts";
import { jobChannel } from "../store/jobs/notify-jobs.ts";
import type { Context } from "./context.ts";

/** Turns what other nodes announce into events of this one. @returns a way to stop */
export async function hearOthers(context: Context): Promise<() => Promise<void>> {
  const { database, events, node } = context;
  const stopJobs = await database.listen(
    jobChannel,
    (from) => {
      if (from !== node.nodeId) events.emit("jobsReady");
    },
    () => events.emit("jobsReady"),
  );
  const stopKeys = await database.listen(
    keyChannel,
    (customerCode) => events.emit("keysChanged", customerCode),
    () => events.emit("listening", true),
  );
  return async () => {
    await stopJobs();
    await stopKeys();
  };
}
