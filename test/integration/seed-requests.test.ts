/** Every request that Conscia documents, in order, as a client written for Conscia sends it. */
import Type from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JobDefinitionAnswer, JobDefinitionList } from "../../src/schemas/job-definitions.ts";
import { JobTypeAnswer, JobTypeList } from "../../src/schemas/job-types.ts";
import { Job, JobCreated } from "../../src/schemas/jobs.ts";
import { type RawAnswer, read, sender } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { fill, readSeedRequests } from "../support/seed-requests.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { startWebservice, type Webservice } from "../support/webservice.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let webservice: Webservice;

beforeAll(async () => {
  webservice = await startWebservice();
  node = await openTestNode({ flags: { "egress-allow": `127.0.0.1:${webservice.port}` } });
});
afterAll(async () => {
  await node.close();
  await webservice.close();
});

/** Bodies go verbatim but for the hosts, which no test may reach. */
function local(text: string): string {
  return text.replace(/https:\/\/(api\.example\.com|jsonplaceholder\.typicode\.com)/g, webservice.origin);
}

function jobIdOf(answer: RawAnswer): string {
  expect(answer.status).toBe(200);
  const { jobId } = Value.Parse(Type.Object({ jobId: Type.String() }), answer.body);
  expect(answer.body).toEqual({ jobId });
  return jobId;
}

test("all of them work, in their order", { timeout: 30_000 }, async () => {
  const requests = readSeedRequests();
  expect(requests).toHaveLength(10);
  const values: Record<string, string> = {
    origin: node.origin,
    apiKey: node.apiKey,
    customerCode: node.customerCode,
    email: "somebody@example.com",
  };
  const expected: Readonly<Record<string, (answer: RawAnswer) => Promise<void> | void>> = {
    "GET /vue/_api/v1/job-types"(answer) {
      const { jobTypes } = Value.Parse(JobTypeList, answer.body);
      expect(jobTypes.map((type) => type.jobTypeCode)).toContain("callWebserviceEndpoint");
    },
    "GET /vue/_api/v1/job-types/callWebserviceEndpoint"(answer) {
      expect(Value.Parse(JobTypeAnswer, answer.body).jobType.paramsSchema).toMatchObject({ required: ["url"] });
    },
    async "POST /vue/_api/v1/job-types/callWebserviceEndpoint/_execute"(answer) {
      const job = await waitForJob(node.api, jobIdOf(answer));
      expect(job).toMatchObject({ status: "COMPLETED", jobDefinitionCode: null, result: { status: 200 } });
      expect(webservice.requests.at(-1)).toMatchObject({
        method: "POST",
        url: "/_query_?limit=10",
        body: '{"searchTerms":"running shoe"}',
        headers: { "idempotency-key": job.jobId },
      });
    },
    "POST /vue/_api/v1/job-definitions"(answer) {
      expect(answer.status).toBe(201);
      expect(answer.headers.get("etag")).toBe('"1"');
      const { jobDefinition } = Value.Parse(JobDefinitionAnswer, answer.body);
      expect(jobDefinition).toMatchObject({
        jobDefinitionCode: "web-test",
        name: "Call My favourite webservice",
        version: 1,
        schedule: { cron: "* * * * *", timeZone: "UTC" },
        options: {
          skipNotification: true,
          sendCompletionEmail: true,
          emailList: ["somebody@example.com"],
          priority: 5,
        },
        lastJob: null,
        updatedBy: "admin@example.com",
      });
    },
    "GET /vue/_api/v1/job-definitions"(answer) {
      const { jobDefinitions, nextCursor } = Value.Parse(JobDefinitionList, answer.body);
      expect(jobDefinitions.map((one) => one.jobDefinitionCode)).toEqual(["web-test"]);
      expect(nextCursor).toBeNull();
    },
    "GET /vue/_api/v1/job-definitions/web-test"(answer) {
      expect(Value.Parse(JobDefinitionAnswer, answer.body).jobDefinition.version).toBe(1);
    },
    "PATCH /vue/_api/v1/job-definitions/web-test"(answer) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("etag")).toBe('"2"');
      expect(Value.Parse(JobDefinitionAnswer, answer.body).jobDefinition).toMatchObject({
        name: "My new name",
        schedule: { cron: "*/5 * * * *" },
        options: { skipNotification: true },
      });
    },
    async "POST /vue/_api/v1/job-definitions/web-test/_execute"(answer) {
      values.jobId = jobIdOf(answer);
      await waitForJob(node.api, values.jobId);
    },
    "GET /vue/_api/v1/jobs/{{jobId}}"(answer) {
      const job = Value.Parse(Job, answer.body);
      expect(job).toMatchObject({ status: "COMPLETED", jobDefinitionCode: "web-test", definitionVersion: 2 });
      expect(job.result).toMatchObject({ status: 200, body: { ok: true } });
    },
    "DELETE /vue/_api/v1/job-definitions/web-test"(answer) {
      expect(answer).toMatchObject({ status: 204, text: "" });
    },
  };
  expect(requests.map((request) => request.name)).toEqual(Object.keys(expected));

  for (const request of requests) {
    expect(request.headers["Content-Type"]).toBe("application/json");
    const filled = local(fill(JSON.stringify(request), values));
    const { method, url, headers } = request;
    const answer = await read(
      await fetch(local(fill(url, values)), {
        method,
        headers: Object.entries(headers).map(([name, value]): [string, string] => [name, fill(value, values)]),
        ...(request.body !== undefined && { body: local(fill(request.body, values)) }),
      }),
    );
    expect(answer.status, `${filled} answered ${answer.text}`).toBeLessThan(300);
    await expected[request.name]?.(answer);
  }
});

test("a PATCH does not change jobs already made", async () => {
  const { api } = node;
  const params = { from: "before" };
  await api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "frozen", jobType: "echo", params, options: { priority: 3 } },
  });
  const runAt = new Date(Date.now() + 3_600_000).toISOString();
  const { jobId } = await api.jobDefinitions.execute("frozen", { runAt });
  await api.jobDefinitions.change("frozen", {
    jobDefinition: { params: { from: "after" }, options: { priority: 9, retry: { maxAttempts: 7 } } },
  });
  expect(await api.jobs.get(jobId)).toMatchObject({
    params,
    priority: 3,
    maxAttempts: 1,
    definitionVersion: 1,
    phase: "SCHEDULED",
    waitingFor: "runAt",
    runAt,
  });
});

test("what a GET answered works as the body of a PATCH and of a PUT, and changes nothing but the version", async () => {
  const send = sender(node);
  await send("POST", "/job-definitions", {
    jobDefinition: {
      jobDefinitionCode: "back",
      jobType: "echo",
      description: "sent back",
      params: { a: { b: [1] } },
      schedule: { cron: "0 0 12 * * ?", timeZone: "America/Toronto", exclude: { dates: ["2026-12-25"] } },
      options: { emailList: ["a@example.com"], retry: { maxAttempts: 3 }, maxConcurrent: 2 },
    },
  });
  const content = ({ body }: RawAnswer) => {
    const { version, updatedAt, ...rest } = Value.Parse(JobDefinitionAnswer, body).jobDefinition;
    return rest;
  };
  const got = await send("GET", "/job-definitions/back");
  for (const method of ["PATCH", "PUT"]) {
    const answer = await send(method, "/job-definitions/back", got.text);
    expect(answer.status, answer.text).toBe(200);
    expect(content(answer)).toEqual(content(got));
  }
});

test("a deleted definition's jobs stay readable, and its successor inherits nothing", async () => {
  const { api } = node;
  const definition = { jobDefinition: { jobDefinitionCode: "again", jobType: "echo" } };
  await api.jobDefinitions.create(definition);
  const { jobId } = await api.jobDefinitions.execute("again");
  await waitForJob(api, jobId);
  expect((await api.jobDefinitions.get("again")).jobDefinition.lastJob).toMatchObject({ jobId, status: "COMPLETED" });

  await api.jobDefinitions.delete("again");
  expect(await api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", jobDefinitionCode: "again" });
  const { jobDefinition } = await api.jobDefinitions.create(definition);
  expect(jobDefinition).toMatchObject({ version: 1, lastJob: null });
  expect(Value.Check(JobCreated, await api.jobDefinitions.execute("again"))).toBe(true);
});
