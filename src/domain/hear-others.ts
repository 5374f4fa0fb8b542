import { keyChannel } from "../store/api-keys/announce-key-change.ts";
import { cancelChannel } from "../store/jobs/cancel-job.ts";
import { jobChannel } from "../store/jobs/notify-jobs.ts";
import type { Ear } from "../store/listener.ts";
import { scheduleChannel } from "../store/schedules/announce-schedule-change.ts";
import type { Context } from "./context.ts";
import { shareChanges } from "./share-changes.ts";

/** Turns what other nodes announce into events of this one. @returns a way to stop */
export async function hearOthers(context: Context): Promise<() => Promise<void>> {
  const { database, events, node } = context;
  const jobs = {
    heard(from: string) {
      if (from !== node.nodeId) events.emit("jobsReady");
    },
    connected: () => void events.emit("jobsReady"),
    lost: () => undefined,
  };
  const keys = {
    heard: (customerCode: string) => void events.emit("keysChanged", customerCode),
    connected: () => void events.emit("listening", true),
    lost: () => void events.emit("listening", false),
  };
  const cancels = {
    heard: (id: string) => void events.emit("jobCancelled", id),
    connected: () => undefined,
    lost: () => undefined,
  };
  const schedules = {
    heard: () => void events.emit("schedulesChanged"),
    connected: () => void events.emit("schedulesChanged"),
    lost: () => undefined,
  };
  const shared = shareChanges(context);
  const stop = await database.listen(
    new Map<string, Ear>([
      [jobChannel, jobs],
      [keyChannel, keys],
      [cancelChannel, cancels],
      [scheduleChannel, schedules],
      [shared.channel, shared.ear],
    ]),
  );
  return async () => {
    shared.stop();
    await stop();
  };
}
