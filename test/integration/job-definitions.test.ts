/** What POST, PUT, PATCH and DELETE of a definition mean (DESIGN, section 5). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemOf, type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
});
afterAll(() => node.close());

const noon = { cron: "0 12 * * *" };

async function create(jobDefinitionCode: string, more: object = {}) {
  const definition = { jobDefinition: { jobDefinitionCode, jobType: "echo", ...more } };
  return (await node.api.jobDefinitions.create(definition)).jobDefinition;
}

async function patch(code: string, change: object) {
  return (await node.api.jobDefinitions.change(code, { jobDefinition: change })).jobDefinition;
}

test("a definition of nothing but code and type has every default", async () => {
  const definition = await create("bare");
  expect(definition).toEqual({
    jobDefinitionCode: "bare",
    jobType: "echo",
    name: "bare",
    description: "",
    schedule: null,
    paused: false,
    pausedReason: null,
    pausedBy: null,
    params: {},
    options: {
      skipNotification: false,
      sendCompletionEmail: false,
      sendFailureEmail: false,
      emailList: [],
      timeoutSeconds: 60,
      retry: {
        maxAttempts: 1,
        backoff: "exponential",
        initialSeconds: 5,
        maxSeconds: 600,
        onWorkerLost: "rerun",
        totalSeconds: null,
      },
      queueTimeoutSeconds: null,
      waitTimeoutSeconds: 86_400,
      priority: 5,
      maxConcurrent: null,
      concurrencyKey: null,
      webhooks: [],
      alerts: [],
    },
    version: 1,
    nextFireAt: null,
    lastJob: null,
    lastOutcomes: [],
    createdAt: expect.any(String),
    updatedAt: definition.createdAt,
    updatedBy: "admin@example.com",
  });
  expect((await node.api.jobDefinitions.get("bare")).jobDefinition).toEqual(definition);
});

test("a schedule of nothing but a cron has every default", async () => {
  expect((await create("timed", { schedule: noon })).schedule).toEqual({
    cron: "0 12 * * *",
    timeZone: "UTC",
    startAt: null,
    endAt: null,
    exclude: { dates: [], crons: [] },
    overlap: "allow",
    catchUp: "latest",
    catchUpWindowSeconds: 3600,
    jitterSeconds: 0,
  });
});

test("a code is taken once, and case matters", async () => {
  await create("Taken");
  const taken = await send("POST", "/job-definitions", {
    jobDefinition: { jobDefinitionCode: "Taken", jobType: "echo" },
  });
  expect(statusAndCode(taken)).toBe("409 CONFLICT");
  expect(await create("taken")).toMatchObject({ version: 1 });
});

test("PATCH leaves what is absent, and replaces params as a whole", async () => {
  const before = await create("kept", {
    description: "d",
    params: { a: 1, b: 2 },
    schedule: noon,
    options: { priority: 2 },
  });
  const after = await patch("kept", { name: "another name" });
  expect(after).toEqual({ ...before, name: "another name", version: 2, updatedAt: expect.any(String) });
  expect((await patch("kept", { params: { c: 3 } })).params).toEqual({ c: 3 });
  expect((await patch("kept", {})).version).toBe(4);
});

test("PATCH merges schedule and options one level deep, and null resets to the default", async () => {
  await create("merged", {
    schedule: { ...noon, timeZone: "America/Toronto", jitterSeconds: 5, exclude: { dates: ["2026-12-25"] } },
    options: { priority: 2, emailList: ["a@example.com"], retry: { maxAttempts: 3, backoff: "fixed" } },
  });
  const once = await patch("merged", {
    schedule: { jitterSeconds: 9 },
    options: { priority: null, timeoutSeconds: 7 },
  });
  expect(once.schedule).toMatchObject({ ...noon, timeZone: "America/Toronto", jitterSeconds: 9 });
  expect(once.options).toMatchObject({ priority: 5, timeoutSeconds: 7, emailList: ["a@example.com"] });

  const deeper = await patch("merged", {
    schedule: { timeZone: null, exclude: { crons: ["0 0 * * *"] } },
    options: { retry: { maxAttempts: 4 }, emailList: null },
  });
  expect(deeper.schedule).toMatchObject({ timeZone: "UTC", exclude: { dates: [], crons: ["0 0 * * *"] } });
  expect(deeper.options).toMatchObject({ retry: { maxAttempts: 4, backoff: "exponential" }, emailList: [] });

  const reset = await patch("merged", { schedule: null, options: null });
  expect(reset.schedule).toBeNull();
  expect(reset.options).toMatchObject({ priority: 5, timeoutSeconds: 60, retry: { maxAttempts: 1 } });
});

test("PATCH with null where there is no default is refused", async () => {
  await create("nulls", { schedule: noon });
  for (const field of ["jobType", "name", "description", "params"]) {
    const answer = problemOf(await send("PATCH", "/job-definitions/nulls", { jobDefinition: { [field]: null } }));
    expect(answer).toMatchObject({ status: 400, errors: [{ path: `/jobDefinition/${field}` }] });
  }
  const answer = await send("PATCH", "/job-definitions/nulls", { jobDefinition: { schedule: { cron: null } } });
  expect(problemOf(answer)).toMatchObject({ status: 400, errors: [{ path: "/jobDefinition/schedule/cron" }] });
});

test("a change of jobType needs params, and they are checked by the new type", async () => {
  await create("retyped", { params: { times: 1, retryable: true } });
  const without = await send("PATCH", "/job-definitions/retyped", { jobDefinition: { jobType: "failing" } });
  expect(problemOf(without)).toMatchObject({ status: 400, errors: [{ path: "/jobDefinition/params" }] });
  const unknown = await send("PATCH", "/job-definitions/retyped", { jobDefinition: { jobType: "nope" } });
  expect(problemOf(unknown).errors).toEqual([
    { path: "/jobDefinition/jobType", message: expect.stringMatching(/^there is no such job type/) },
  ]);
  const wrong = { jobDefinition: { jobType: "failing", params: { times: "1" } } };
  expect(problemOf(await send("PATCH", "/job-definitions/retyped", wrong)).errors).toContainEqual(
    expect.objectContaining({ path: "/jobDefinition/params/times" }),
  );
  const params = { times: 2, retryable: false };
  expect(await patch("retyped", { jobType: "failing", params })).toMatchObject({ jobType: "failing", params });
  expect(await patch("retyped", { jobType: "failing", name: "same type" })).toMatchObject({ params });
});

test("the code of the address cannot be changed by the body", async () => {
  await create("fixed-code");
  for (const method of ["PATCH", "PUT"]) {
    const body = { jobDefinition: { jobDefinitionCode: "other-code", jobType: "echo" } };
    expect(problemOf(await send(method, "/job-definitions/fixed-code", body))).toMatchObject({
      status: 400,
      errors: [{ path: "/jobDefinition/jobDefinitionCode" }],
    });
  }
});

test("read-only fields are ignored, and pausing is none of PATCH", async () => {
  const readOnly = {
    paused: true,
    pausedReason: "x",
    version: 99,
    lastJob: "?",
    nextFireAt: 1,
    createdAt: [],
    updatedBy: {},
  };
  expect(await create("readonly", readOnly)).toMatchObject({ paused: false, pausedReason: null, version: 1 });
  expect(await patch("readonly", readOnly)).toMatchObject({ paused: false, version: 2, lastJob: null });
});

test("PUT makes, then replaces whole: nothing of before is left", async () => {
  const body = (more: object = {}) => ({ jobDefinition: { jobDefinitionCode: "put", jobType: "echo", ...more } });
  const made = await send(
    "PUT",
    "/job-definitions/put",
    body({ description: "d", schedule: noon, options: { priority: 1 } }),
  );
  expect([made.status, made.headers.get("etag")]).toEqual([201, '"1"']);
  const { jobDefinition: before } = await node.api.jobDefinitions.get("put");
  const replaced = await send("PUT", "/job-definitions/put", body());
  expect([replaced.status, replaced.headers.get("etag")]).toEqual([200, '"2"']);
  expect((await node.api.jobDefinitions.get("put")).jobDefinition).toMatchObject({
    description: "",
    schedule: null,
    options: { priority: 5 },
    version: 2,
    createdAt: before.createdAt,
  });
});

test("what _execute is given lies shallowly over the definition's params, and the whole is checked", async () => {
  await create("over", { params: { a: { x: 1 }, b: 2 } });
  const { jobId } = await node.api.jobDefinitions.execute("over", { params: { a: { y: 3 }, c: 4 }, priority: 1 });
  expect(await node.api.jobs.get(jobId)).toMatchObject({ params: { a: { y: 3 }, b: 2, c: 4 }, priority: 1 });
  expect((await node.api.jobs.get(jobId)).params).toEqual({ a: { y: 3 }, b: 2, c: 4 });
  await create("strict", { jobType: "failing", params: { times: 1, retryable: true } });
  const answer = await send("POST", "/job-definitions/strict/_execute", { params: { times: "x" } });
  expect(problemOf(answer)).toMatchObject({ status: 400, errors: [{ path: "/params/times" }] });
});
