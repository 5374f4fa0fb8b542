import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { startTestNode } from "../support/nodes.ts";

test("smoke", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2026-11-24T12:00:00.500Z");
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "tick",
      jobType: "echo",
      schedule: { cron: "* * * * * *", overlap: "queueOne" },
      params: { a: 1 },
    },
  });
  await clock.advance(3_000);
  await node.run("fire-schedules");
  console.log(await node.database.sql`select * from occurrence`);
  console.log(await node.database.sql`select * from job_queue`);
  console.log(await node.database.sql`select * from schedule`);
  expect(1).toBe(1);
});
