import type { Config } from "../config/settings.ts";
import type { Authenticator } from "../domain/authenticate.ts";
import type { Context } from "../domain/context.ts";
import type { Liveness } from "../model/liveness.ts";
import type { Service } from "../runtime/service.ts";
import { createAdmitJobs } from "../scheduler/admit-jobs.ts";
import { createApplyRetention } from "../scheduler/apply-retention.ts";
import { createDeliverOutbox, type Senders } from "../scheduler/deliver-outbox.ts";
import { createExpireJobs } from "../scheduler/expire-jobs.ts";
import { createFireSchedules } from "../scheduler/fire-schedules.ts";
import { createLetHeldJobs } from "../scheduler/let-held-jobs.ts";
import { createMaintainStorage } from "../scheduler/maintain-storage.ts";
import { createMeasureQueues } from "../scheduler/measure-queues.ts";
import { createPromoteJobs } from "../scheduler/promote-jobs.ts";
import { createRescueJobs } from "../scheduler/rescue-jobs.ts";
import { createResumeJobs } from "../scheduler/resume-jobs.ts";
import { createSampleQueue } from "../scheduler/sample-queue.ts";
import { createSweepFiles } from "../scheduler/sweep-files.ts";
import { createWatchDefinitions } from "../scheduler/watch-definitions.ts";
import { createWriteKeyUse } from "../scheduler/write-key-use.ts";
import type { Heartbeat } from "../worker/heartbeat.ts";
import type { Worker } from "../worker/run-claimed-jobs.ts";

/** The background services that a node's roles ask for; every node beats. */
export function createServices(
  config: Config,
  context: Context,
  authenticator: Authenticator,
  heartbeat: Heartbeat,
  worker: Worker | undefined,
  senders: Senders,
  liveness: Liveness,
): readonly Service[] {
  const services: Service[] = [heartbeat];
  if (config.roles.includes("api")) services.push(createWriteKeyUse(context, authenticator));
  if (config.roles.includes("api") || config.roles.includes("scheduler")) services.push(createMeasureQueues(context));
  if (config.roles.includes("scheduler")) {
    services.push(
      createFireSchedules(context),
      createLetHeldJobs(context),
      createPromoteJobs(context),
      createAdmitJobs(context),
      createExpireJobs(context),
      createResumeJobs(context),
      createRescueJobs(context, heartbeat.unbrokenMs, liveness),
      createMaintainStorage(context),
      createApplyRetention(context),
      createSampleQueue(context),
      createDeliverOutbox(context, senders),
      createWatchDefinitions(context),
      createSweepFiles(context),
    );
  }
  if (worker) services.push(worker.claims);
  return services;
}
