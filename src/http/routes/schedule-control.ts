import { backfillSchedule } from "../../domain/backfill-schedule.ts";
import { pauseJobDefinition } from "../../domain/pause-job-definition.ts";
import { resumeJobDefinition } from "../../domain/resume-job-definition.ts";
import { JobDefinitionAnswer, JobDefinitionPath } from "../../schemas/job-definitions.ts";
import { closed } from "../../schemas/primitives.ts";
import { Backfill, BackfillAnswer, Pause } from "../../schemas/schedule-control.ts";
import { readIfMatch } from "../if-match.ts";
import { answerDefinition } from "../present-job-definition.ts";
import { ok, problems, route } from "../route.ts";

/** For operators who want a schedule to stop for a while. */
export const pauseRoute = route({
  method: "POST",
  url: "/job-definitions/:jobDefinitionCode/_pause",
  role: "operator",
  summary: "Pause the schedule of a job definition",
  description:
    "On every node at once. What was due already is still made; `_execute` works as before. Pausing what is paused changes nothing: the answer says by whom and why it is.",
  params: JobDefinitionPath,
  body: Pause,
  answers: { 200: JobDefinitionAnswer, ...problems("NOT_FOUND", "PRECONDITION_FAILED") },
  async handle({ actor, params, body, context, header }) {
    const ifMatch = readIfMatch(header("if-match"));
    const paused = await pauseJobDefinition(context, actor, params.jobDefinitionCode, body.reason ?? null, ifMatch);
    return ok(...(await answerDefinition(context, paused)));
  },
});

/** For operators when the reason of a pause is gone. */
export const resumeRoute = route({
  method: "POST",
  url: "/job-definitions/:jobDefinitionCode/_resume",
  role: "operator",
  summary: "Resume the schedule of a job definition",
  description:
    "From its next occurrence on. The ledger tells what the pause has skipped; nothing of it is made up for, unless you backfill it. Resuming what is not paused changes nothing.",
  params: JobDefinitionPath,
  body: closed({}),
  answers: { 200: JobDefinitionAnswer, ...problems("NOT_FOUND", "PRECONDITION_FAILED") },
  async handle({ actor, params, context, header }) {
    const ifMatch = readIfMatch(header("if-match"));
    const resumed = await resumeJobDefinition(context, actor, params.jobDefinitionCode, ifMatch);
    return ok(...(await answerDefinition(context, resumed)));
  },
});

/** For operators who want the jobs of a time in which there were none. */
export const backfillRoute = route({
  method: "POST",
  url: "/job-definitions/:jobDefinitionCode/_backfill",
  role: "operator",
  summary: "Make the jobs of a past range of a schedule",
  description:
    "One for each occurrence from `from`, included, to `to`, excluded, by the schedule as it is now; at most 1,000. A time that was backfilled before keeps its job. Unless the schedule's `overlap` is `allow` they start one at a time.",
  params: JobDefinitionPath,
  body: Backfill,
  answers: { 200: BackfillAnswer, ...problems("NOT_FOUND", "CONFLICT", "RATE_LIMITED") },
  async handle({ actor, params, body, context }) {
    const range = { from: new Date(body.from), to: new Date(body.to) };
    return ok({ jobIds: await backfillSchedule(context, actor, params.jobDefinitionCode, range) });
  },
});
