import { expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { addCustomer } from "../support/customers.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a rerun takes the frozen params and options, with what is given laid over the params", async () => {
  const { api } = await startTestNode();
  await api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "d", jobType: "echo", params: { a: 1, b: 1 }, options: { timeoutSeconds: 7 } },
  });
  const { jobId } = await api.jobDefinitions.execute("d", { priority: 2 });
  await waitForJob(api, jobId);
  await api.jobDefinitions.change("d", { jobDefinition: { params: { a: 9 } } });

  const again = await waitForJob(api, (await api.jobs.rerun(jobId)).jobId);
  expect(again).toMatchObject({
    status: "COMPLETED",
    params: { a: 1, b: 1 },
    priority: 2,
    jobDefinitionCode: "d",
    definitionVersion: 1,
    trigger: { kind: "rerun", by: "admin@example.com" },
  });
  const changed = await waitForJob(api, (await api.jobs.rerun(jobId, { params: { b: 2 } })).jobId);
  expect(changed).toMatchObject({ params: { a: 1, b: 2 }, result: { a: 1, b: 2 } });
  expect((await api.jobDefinitions.get("d")).jobDefinition.lastJob).toMatchObject({ jobId: changed.jobId });
});

test("a rerun of a deleted definition's job belongs to no definition, also when the code has a successor", async () => {
  const { api } = await startTestNode();
  const jobDefinition = { jobDefinitionCode: "d", jobType: "echo" };
  await api.jobDefinitions.create({ jobDefinition });
  const { jobId } = await api.jobDefinitions.execute("d");
  await waitForJob(api, jobId);
  await api.jobDefinitions.delete("d");
  await api.jobDefinitions.create({ jobDefinition });
  const again = await waitForJob(api, (await api.jobs.rerun(jobId)).jobId);
  expect(again).toMatchObject({ status: "COMPLETED", jobDefinitionCode: null });
  expect((await api.jobDefinitions.get("d")).jobDefinition.lastJob).toBeNull();
});

test("what cannot be run again is refused", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 0, retryable: false } });
  const refused = (status: number, code: string) => ({ problem: { status, code } });
  await expect(node.api.jobs.rerun(jobId)).rejects.toMatchObject(refused(409, "CONFLICT"));
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId);
  await expect(node.api.jobs.rerun(jobId, { params: { times: "x" } })).rejects.toMatchObject({
    problem: { status: 400, errors: [{ path: "/params/times" }] },
  });
  const { origin, ...caller } = await addCustomer(node, "other");
  const other = createClient({ baseUrl: origin, ...caller });
  await expect(other.jobs.rerun(jobId)).rejects.toMatchObject(refused(404, "NOT_FOUND"));
  await expect(other.jobs.attempts(jobId)).rejects.toMatchObject(refused(404, "NOT_FOUND"));
});
