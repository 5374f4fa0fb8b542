import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { ledgerOf } from "../support/ledger.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";

async function startAt(time: string) {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set(time);
  return { node, clock };
}

async function save(node: TestNode, schedule: object, code = "tick"): Promise<void> {
  await node.api.jobDefinitions.put(code, {
    jobDefinition: { jobDefinitionCode: code, jobType: "echo", schedule: { cron: "0 * * * *", ...schedule } },
  });
}

test("a schedule fires at its times, once each, and says so in its ledger", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:59.500Z");
  await save(node, { cron: "*/2 * * * * *" });
  const before = await node.api.jobDefinitions.get("tick");
  expect(before.jobDefinition).toMatchObject({ nextFireAt: "2026-11-24T12:00:00.000Z", version: 1 });

  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([]);

  await clock.set("2026-11-24T12:00:02.010Z");
  await node.run("fire-schedules");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 fired schedule", "12:00:02 fired schedule"]);

  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: "tick" });
  expect(jobs.map((job) => job.trigger)).toEqual([
    { kind: "schedule", by: "admin@example.com", scheduledFor: "2026-11-24T12:00:02.000Z" },
    { kind: "schedule", by: "admin@example.com", scheduledFor: "2026-11-24T12:00:00.000Z" },
  ]);
  const after = await node.api.jobDefinitions.get("tick");
  expect(after.jobDefinition).toMatchObject({ nextFireAt: "2026-11-24T12:00:04.000Z", version: 1 });
});

test("an edit takes effect at once, and what was due of the old schedule is made all the same", async () => {
  const { node, clock } = await startAt("2026-11-24T11:59:00Z");
  await save(node, { cron: "0 * * * *", catchUp: "none" });
  await clock.set("2026-11-24T12:00:30Z");
  await save(node, { cron: "30 * * * *", catchUp: "none" });
  const { jobDefinition } = await node.api.jobDefinitions.get("tick");
  expect(jobDefinition.nextFireAt).toBe("2026-11-24T12:30:00.000Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 late schedule"]);
  await clock.set("2026-11-24T12:30:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual(["12:00:00 late schedule", "12:30:00 fired schedule"]);
});
