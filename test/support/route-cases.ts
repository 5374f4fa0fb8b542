/** For every route of the API: how a test calls it. */
import { randomUUID } from "node:crypto";
import { formatJobId } from "../../src/model/job-id.ts";

/** The ids of one customer's things. */
export interface Things {
  readonly definition: string;
  readonly jobId: string;
  readonly userId: string;
  readonly apiKeyId: string;
  readonly secret: string;
}

export interface RouteCase {
  readonly path: string;
  readonly body?: object;
}

/** Things that nobody has: a call that is let in changes nothing. */
export function noThings(): Things {
  return {
    definition: "no-such-definition",
    jobId: formatJobId({ day: "2026-11-24", id: randomUUID() }),
    userId: randomUUID(),
    apiKeyId: "0000000000000000",
    secret: "no-such-secret",
  };
}

/** `METHOD /path` as the OpenAPI document has it → a call of it that is valid, about these things. */
export function routeCases({
  definition,
  jobId,
  userId,
  apiKeyId,
  secret,
}: Things): Readonly<Record<string, RouteCase>> {
  const jobDefinition = { jobDefinitionCode: definition, jobType: "echo" };
  return {
    "GET /job-types": { path: "/job-types" },
    "GET /job-types/{jobTypeCode}": { path: "/job-types/echo" },
    "POST /job-types/{jobTypeCode}/_execute": { path: "/job-types/echo/_execute", body: {} },
    "GET /job-definitions": { path: "/job-definitions" },
    "POST /job-definitions": {
      path: "/job-definitions",
      body: { jobDefinition: { ...jobDefinition, jobDefinitionCode: "another" } },
    },
    "GET /job-definitions/{jobDefinitionCode}": { path: `/job-definitions/${definition}` },
    "PATCH /job-definitions/{jobDefinitionCode}": {
      path: `/job-definitions/${definition}`,
      body: { jobDefinition: { name: "changed" } },
    },
    "PUT /job-definitions/{jobDefinitionCode}": { path: `/job-definitions/${definition}`, body: { jobDefinition } },
    "DELETE /job-definitions/{jobDefinitionCode}": { path: `/job-definitions/${definition}` },
    "POST /job-definitions/{jobDefinitionCode}/_execute": { path: `/job-definitions/${definition}/_execute`, body: {} },
    "POST /job-definitions/{jobDefinitionCode}/_pause": { path: `/job-definitions/${definition}/_pause`, body: {} },
    "POST /job-definitions/{jobDefinitionCode}/_resume": { path: `/job-definitions/${definition}/_resume`, body: {} },
    "POST /job-definitions/{jobDefinitionCode}/_backfill": {
      path: `/job-definitions/${definition}/_backfill`,
      body: { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" },
    },
    "GET /job-definitions/{jobDefinitionCode}/occurrences": { path: `/job-definitions/${definition}/occurrences` },
    "GET /job-definitions/{jobDefinitionCode}/versions": { path: `/job-definitions/${definition}/versions` },
    "GET /job-definitions/{jobDefinitionCode}/versions/{version}": {
      path: `/job-definitions/${definition}/versions/1`,
    },
    "GET /occurrences": { path: "/occurrences" },
    "GET /jobs": { path: "/jobs" },
    "GET /jobs/{jobId}": { path: `/jobs/${jobId}` },
    "GET /jobs/{jobId}/attempts": { path: `/jobs/${jobId}/attempts` },
    "GET /jobs/{jobId}/logs": { path: `/jobs/${jobId}/logs` },
    "POST /jobs/{jobId}/_cancel": { path: `/jobs/${jobId}/_cancel` },
    "POST /jobs/{jobId}/_rerun": { path: `/jobs/${jobId}/_rerun`, body: {} },
    "GET /buckets": { path: "/buckets" },
    "PUT /buckets/{bucketCode}": { path: "/buckets/another", body: {} },
    "DELETE /buckets/{bucketCode}": { path: `/buckets/${definition}` },
    "GET /buckets/{bucketCode}/files": { path: `/buckets/${definition}/files` },
    "POST /buckets/{bucketCode}/upload": { path: `/buckets/${definition}/upload`, body: {} },
    "POST /buckets/{bucketCode}/_preview": { path: `/buckets/${definition}/_preview`, body: { filename: "mine" } },
    "GET /buckets/{bucketCode}/download": { path: `/buckets/${definition}/download?filename=mine` },
    "DELETE /buckets/{bucketCode}/files": { path: `/buckets/${definition}/files?pattern=*` },
    "GET /events": { path: "/events" },
    "GET /overview": { path: "/overview" },
    "GET /nodes": { path: "/nodes" },
    "GET /schedules/_preview": { path: "/schedules/_preview?cron=*/5+*+*+*+*" },
    "POST /schedules/_preview": { path: "/schedules/_preview", body: { schedule: { cron: "@daily" } } },
    "GET /secrets": { path: "/secrets" },
    "GET /secrets/{secretCode}": { path: `/secrets/${secret}` },
    "PUT /secrets/{secretCode}": { path: `/secrets/${secret}`, body: { value: "a value" } },
    "DELETE /secrets/{secretCode}": { path: `/secrets/${secret}` },
    "GET /notifications": { path: "/notifications" },
    "POST /notifications/_markRead": { path: "/notifications/_markRead", body: { notificationIds: [jobId] } },
    "GET /deliveries": { path: `/deliveries?jobId=${jobId}` },
    "GET /webhook-signing-secret": { path: "/webhook-signing-secret" },
    "GET /mail": { path: "/mail" },
    "POST /mail/_test": { path: "/mail/_test", body: { to: "somebody@example.com" } },
    "GET /users": { path: "/users" },
    "POST /users": { path: "/users", body: { user: { email: "somebody@example.com", role: "viewer" } } },
    "GET /users/{userId}": { path: `/users/${userId}` },
    "PATCH /users/{userId}": { path: `/users/${userId}`, body: { user: { role: "viewer" } } },
    "DELETE /users/{userId}": { path: `/users/${userId}` },
    "GET /api-keys": { path: "/api-keys" },
    "POST /api-keys": { path: "/api-keys", body: { apiKey: { name: "a key", role: "viewer" } } },
    "DELETE /api-keys/{apiKeyId}": { path: `/api-keys/${apiKeyId}` },
    "GET /audit-events": { path: "/audit-events" },
  };
}

/** A route that names a thing which is each customer's own, and so is another's 404; but a PUT would make it. */
export function namesOwnThing(route: string): boolean {
  return route.includes("{") && !route.includes("{jobTypeCode}") && !route.startsWith("PUT");
}
