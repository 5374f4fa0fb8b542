import type { FailureNews, JobNews } from "../../model/delivery.ts";
import type { JsonObject } from "../../model/job.ts";
import { jobErrors } from "../../model/job-errors.ts";
import { formatJobId } from "../../model/job-id.ts";
import type { EndedJob } from "../../store/outbox/find-ended-jobs.ts";

/** Characters of a request and of an answer that a mail shows. */
const mostShown = 4_000;

/** What a mail tells of a job that has ended; kept as it is now, whatever becomes of the job and its definition. */
export function newsOf(job: EndedJob): JobNews {
  const { definition } = job;
  return {
    jobId: formatJobId(job),
    name: definition?.name ?? job.job_definition_code ?? job.job_type,
    jobType: job.job_type,
    jobDefinitionCode: job.job_definition_code,
    status: job.status,
    trigger: {
      kind: job.trigger_kind,
      by: job.trigger_by,
      scheduledFor: job.scheduled_for?.toISOString() ?? null,
    },
    attempt: job.attempt,
    maxAttempts: job.max_attempts,
    startedAt: job.started_at?.toISOString() ?? null,
    finishedAt: job.finished_at.toISOString(),
    durationMs: durationOf(job),
    result: job.status === "COMPLETED" ? job.result_start : null,
    resultBytes: job.result_apart ? null : (job.result_bytes ?? 0),
    error: job.error && failureOf(job, job.error),
    timeZone: definition?.schedule?.timeZone ?? "UTC",
    nextFireAt: definition?.nextFireAt ?? null,
  };
}

/** From its start to its end, in milliseconds; null for a job that never ran. */
export function durationOf({ started_at: startedAt, finished_at: finishedAt }: EndedJob): number | null {
  return startedAt && finishedAt.getTime() - startedAt.getTime();
}

function failureOf(job: EndedJob, { code, message }: NonNullable<EndedJob["error"]>): FailureNews {
  return {
    code,
    message,
    remedy: code in jobErrors ? jobErrors[code].remedy : null,
    request: job.error_request && requestText(job.error_request),
    response: job.error_response && responseText(job.error_response),
  };
}

function requestText({ method, url, headers }: JsonObject): string {
  const lines = typeof headers === "object" && headers !== null ? Object.entries(headers) : [];
  return [`${method} ${url}`, ...lines.map(([name, value]) => `${name}: ${value}`)].join("\n").slice(0, mostShown);
}

function responseText({ status, body }: JsonObject): string {
  const text =
    typeof body === "string" ? body : body === null || body === undefined ? "" : JSON.stringify(body, null, 2);
  return `Status ${status}\n\n${text}`.trim().slice(0, mostShown);
}
