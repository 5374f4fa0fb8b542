import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createJobFinisher, type Finish } from "../../src/domain/finish-jobs.ts";
import type { NewJob } from "../../src/model/job.ts";
import { formatJobId } from "../../src/model/job-id.ts";
import { defaultJobOptions } from "../../src/model/job-options.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";

/** JSON that no caller could get past the API, and PostgreSQL refuses. */
const refused = "{this is not JSON";

function newJob(node: TestNode, params: string): NewJob {
  return {
    id: node.context.clock.newId(),
    customerCode: "demo",
    jobType: "echo",
    definition: null,
    params,
    options: defaultJobOptions(60),
    concurrencyKey: null,
    trigger: { kind: "api", by: null, scheduledFor: null },
    runAt: null,
    audit: null,
  };
}

const positions = [0, 1, 37, 98, 99];

test.each([
  ["without idempotency keys", () => undefined],
  ["with idempotency keys", () => ({ key: randomUUID(), path: "/", bodyHash: new Uint8Array([1]) })],
])("in a batch of new jobs %s each bad one fails alone, wherever it stands", async (_name, keyOf) => {
  const node = await startTestNode({ services: "byHand" });
  const created = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) => {
      const params = positions.includes(index) ? refused : `{"index":${index}}`;
      return node.context.jobWriter.create(newJob(node, params), keyOf());
    }),
  );
  expect(created.flatMap((one, index) => (one.status === "rejected" ? [index] : []))).toEqual(positions);
  const ids = created.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const stored = await node.database.sql<{ job_id: string }[]>`
    select to_char(day, 'YYYYMMDD-') || id as job_id from job join job_queue using (day, id)`;
  expect(stored.map((row) => row.job_id).sort()).toEqual(ids.sort());
  const [keys] = await node.database.sql`select count(*)::integer as kept from idempotency_key`;
  expect(keys).toEqual({ kept: keyOf() ? 95 : 0 });
});

test("in a batch of finished jobs each bad one is refused alone, and stays claimed", async () => {
  const node = await startTestNode({ services: "byHand" });
  const claim = randomUUID();
  await Promise.all(Array.from({ length: 100 }, () => node.context.jobWriter.create(newJob(node, "{}"))));
  const rows = await node.database.sql<{ day: string; id: string }[]>`
    update job_queue set state = 'claimed', claim = ${claim}, node_id = ${node.context.node.nodeId}, runs = 1,
           started_at = app_now(), first_started_at = app_now()
    returning day::text, id`;
  const finishes = rows.map(
    ({ day, id }, index): Finish => ({
      customerCode: "demo",
      jobId: formatJobId({ day, id }),
      day,
      id,
      jobType: "echo",
      jobDefinitionCode: null,
      triggerKind: "api",
      parentId: null,
      run: 1,
      aheadMs: 0,
      claim: index === 50 ? randomUUID() : claim,
      status: "COMPLETED",
      result: positions.includes(index) ? refused : String(index),
      error: null,
    }),
  );
  const finisher = createJobFinisher(node.context);
  const outcomes = await Promise.all(finishes.map((finish) => finisher.finish(finish)));

  const expected = rows.map((_, index) => {
    if (index === 50) return "claimLost";
    return positions.includes(index) ? "refused" : "written";
  });
  expect(outcomes).toEqual(expected);
  const left = await node.database.sql<{ id: string }[]>`select id from job_queue`;
  const unfinished = rows.filter((_, index) => expected[index] !== "written").map(({ id }) => id);
  expect(left.map(({ id }) => id).sort()).toEqual(unfinished.sort());
});
