import { expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { addCustomer } from "../support/customers.ts";
import { hasStarted } from "../support/job-types.ts";
import { startTestNode } from "../support/nodes.ts";

test("a customer that may hold no more slots keeps a free one from nobody, whoever's turn it is", async () => {
  const node = await startTestNode({ services: "byHand", flags: { "worker-slots": "4" } });
  const clients = new Map<string, ReturnType<typeof createClient>>();
  for (const code of ["aa", "bb"]) {
    const { origin, ...caller } = await addCustomer(node, code);
    clients.set(code, createClient({ baseUrl: origin, ...caller }));
  }
  const execute = async (code: string) => (await clients.get(code)?.jobTypes.execute("hanging", { params: {} }))?.jobId;
  for (let n = 0; n < 9; n += 1) await execute("aa");
  for (let n = 0; n < 3; n += 1) await node.run("claim-jobs");
  expect(node.running()).toBe(3);

  const jobId = (await execute("bb")) ?? "";
  await node.run("claim-jobs");
  await hasStarted(jobId);
  expect(node.running()).toBe(4);
});
