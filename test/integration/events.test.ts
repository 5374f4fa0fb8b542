import { expect, test } from "vitest";
import { addCustomer, addPerson } from "../support/customers.ts";
import { createEventReader, eventsOf } from "../support/events.ts";
import { sender, statusAndCode } from "../support/http.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { startTestNode } from "../support/nodes.ts";
import { scriptedType } from "../support/scripted-job-type.ts";

test("a reader is told the progress and the lines of a job once they are written, before its end", async () => {
  const jobTypes = [
    scriptedType({
      async telling({ log, progress }) {
        log.info("first line");
        log.warn("second line");
        progress(3, 4, "nearly");
      },
    }),
  ];
  const node = await startTestNode({ jobTypes });
  const reader = await createEventReader(node, "");
  const { jobId } = await node.api.jobTypes.execute("scripted", { params: { script: "telling" } });
  await reader.until((event) => event.data.phase === "DONE");
  expect(eventsOf(reader, "log")).toMatchObject([
    { jobId, level: "info", message: "first line" },
    { jobId, level: "warn", message: "second line" },
  ]);
  expect(eventsOf(reader, "progress")).toMatchObject([{ jobId, done: 3, total: 4, message: "nearly" }]);
  expect(reader.events.at(-1)).toMatchObject({ event: "job", data: { phase: "DONE" } });
});

test("a reader is told each step of a job, in their order", async () => {
  const node = await startTestNode();
  const reader = await createEventReader(node, "?kinds=job");
  const { jobId } = await node.api.jobTypes.execute("hanging", { params: {} });
  await hasStarted(jobId);
  release(jobId);
  await reader.until((event) => event.data.phase === "DONE");
  expect(eventsOf(reader, "job").map(({ phase }) => phase)).toEqual(["QUEUED", "RUNNING", "DONE"]);
  expect(eventsOf(reader, "job").at(-1)).toEqual({
    jobId,
    jobType: "hanging",
    jobDefinitionCode: null,
    status: "COMPLETED",
    phase: "DONE",
  });
});

test("definitions: made, changed, deleted", async () => {
  const node = await startTestNode({ services: "byHand" });
  const reader = await createEventReader(node, "?kinds=definition");
  const jobDefinition = { jobDefinitionCode: "told", jobType: "echo" };
  await node.api.jobDefinitions.create({ jobDefinition });
  await node.api.jobDefinitions.change("told", { jobDefinition: { name: "Told" } });
  await node.api.jobDefinitions.delete("told");
  await reader.until((event) => event.data.change === "deleted");
  expect(eventsOf(reader, "definition")).toEqual(
    ["created", "changed", "deleted"].map((change) => ({ jobDefinitionCode: "told", change })),
  );
});

test("filters: a reader of one job hears of no other", async () => {
  const node = await startTestNode();
  const one = await node.api.jobTypes.execute("hanging", { params: {} });
  const reader = await createEventReader(node, `?jobId=${one.jobId}`);
  const other = await node.api.jobTypes.execute("echo", { params: {} });
  await node.api.jobs.get(other.jobId, { waitSeconds: 20 });
  await hasStarted(one.jobId);
  release(one.jobId);
  await reader.until((event) => event.data.phase === "DONE");
  expect(new Set(eventsOf(reader, "job").map(({ jobId }) => jobId))).toEqual(new Set([one.jobId]));
});

test("another customer's reader hears nothing of it", async () => {
  const node = await startTestNode({ services: "byHand" });
  const other = await addCustomer(node, "other");
  const theirs = await createEventReader(other, "");
  const ours = await createEventReader(node, "");
  await node.api.jobTypes.execute("echo", { params: {} });
  await ours.until((event) => event.event === "job");
  await sender(other)("POST", "/job-types/echo/_execute", { params: {} });
  await theirs.until((event) => event.event === "job");
  expect(eventsOf(theirs, "job")).toHaveLength(1);
  expect(eventsOf(ours, "job")).toHaveLength(1);
});

test("a reader on one node is told of what another node does", async () => {
  const worker = await startTestNode();
  const front = await startTestNode({ with: worker, flags: { roles: "api" } });
  const reader = await createEventReader(front, "?kinds=job");
  await expect.poll(() => worker.context.changes.isRead("demo")).toBe(true);
  const { jobId } = await front.api.jobTypes.execute("hanging", { params: {} });
  await hasStarted(jobId);
  release(jobId);
  await reader.until((event) => event.data.phase === "DONE" && event.data.jobId === jobId);
  expect(eventsOf(reader, "job").map(({ phase }) => phase)).toEqual(["QUEUED", "RUNNING", "DONE"]);
});

test("Last-Event-ID goes on where the reader was; an unknown one is told to read again", async () => {
  const node = await startTestNode({ services: "byHand" });
  const reader = await createEventReader(node, "");
  const first = await node.api.jobTypes.execute("echo", { params: {} });
  const seen = await reader.until((event) => event.data.jobId === first.jobId);
  await reader.close();
  const second = await node.api.jobTypes.execute("echo", { params: {} });
  const again = await createEventReader(node, "", seen.id);
  await again.until((event) => event.data.jobId === second.jobId);
  expect(eventsOf(again, "job").map(({ jobId }) => jobId)).toEqual([second.jobId]);
  for (const id of ["000000000000-1", "nonsense", "-1", `${seen.id}999999`]) {
    const stranger = await createEventReader(node, "", id);
    const [head] = stranger.events;
    expect(head?.event, id).toBe("reset");
  }
});

test("a reader that stops reading is cut off, and the others hear all", async () => {
  const node = await startTestNode({ services: "byHand" });
  const slow = await createEventReader(node, "", null, "stopped");
  const quick = await createEventReader(node, "");
  const filler = "x".repeat(50_000);
  const tell = (count: number) => {
    node.context.changes.tell({ customerCode: "demo", kind: "log", data: { count, filler } });
  };
  for (let count = 1; node.context.changes.readers("demo") > 1; count++) {
    tell(count);
    await quick.until((event) => event.data.count === count);
  }
  tell(0);
  await quick.until((event) => event.data.count === 0);
  const counts = eventsOf(quick, "log").map(({ count }) => Number(count));
  expect(counts.slice(0, -1)).toEqual(Array.from({ length: counts.length - 1 }, (_, index) => index + 1));
  await slow.close();
});

test("a stream ends when a key of the customer is revoked, and when the node stops", async () => {
  const node = await startTestNode({ services: "byHand" });
  const viewer = await addPerson(node, "viewer");
  const reader = await createEventReader(viewer, "");
  await node.api.apiKeys.revoke(viewer.apiKeyId);
  expect(await reader.until((event) => event.event === "closed")).toMatchObject({ data: { reason: "accessChanged" } });
  const last = await createEventReader(node, "");
  await node.stop(0);
  expect(await last.until((event) => event.event === "closed")).toMatchObject({ data: { reason: "nodeStops" } });
});

test.each(["?kinds=", "?kinds=job,what", "?kinds=job&kinds=log", "?jobId=1", "?jobDefinitionCode=%00", "?since=1"])(
  "%s is refused",
  async (query) => {
    const node = await startTestNode({ services: "byHand" });
    expect(statusAndCode(await sender(node)("GET", `/events${query}`))).toBe("400 VALIDATION_FAILED");
  },
);
