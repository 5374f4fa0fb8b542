import type { Job } from "../../api/jobs.ts";
import { apiUrl } from "../../api/request.ts";

/** The call that makes a job like this one, for a shell; the key is left to the shell's environment. */
export function asCurl(job: Job, customerCode: string): string {
  const owner =
    job.jobDefinitionCode === null
      ? `/job-types/${encodeURIComponent(job.jobType)}`
      : `/job-definitions/${encodeURIComponent(job.jobDefinitionCode)}`;
  return [
    `curl -X POST ${quoted(`${apiUrl}${owner}/_execute`)}`,
    `-H "Authorization: Bearer $PUNCTUAL_API_KEY"`,
    `-H ${quoted(`X-Customer-Code: ${customerCode}`)}`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(JSON.stringify({ params: job.params }))}`,
  ].join(" \\\n  ");
}

/** Nothing inside single quotes means anything to a shell, but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
