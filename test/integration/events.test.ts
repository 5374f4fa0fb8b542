import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addCustomer, addPerson } from "../support/customers.ts";
import { createEventReader, eventsOf } from "../support/events.ts";
import { sender, statusAndCode } from "../support/http.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { startTestNode } from "../support/nodes.ts";
import { runReady, sendDue } from "../support/outbox.ts";
import { scriptedType } from "../support/scripted-job-type.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { createPlays, oneByOne } from "../support/waiting-job-types.ts";

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
  const reader = await createEventReader(node, "?kinds=job,log,progress");
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

test("definitions: made, changed, paused, resumed, deleted", async () => {
  const node = await startTestNode({ services: "byHand" });
  const reader = await createEventReader(node, "?kinds=definition");
  const jobDefinition = { jobDefinitionCode: "told", jobType: "echo" };
  await node.api.jobDefinitions.create({ jobDefinition });
  await node.api.jobDefinitions.change("told", { jobDefinition: { name: "Told" } });
  for (let twice = 0; twice < 2; twice += 1) await node.api.jobDefinitions.pause("told");
  await node.api.jobDefinitions.resume("told");
  await node.api.jobDefinitions.delete("told");
  await reader.until((event) => event.data.change === "deleted");
  expect(eventsOf(reader, "definition")).toEqual(
    ["created", "changed", "changed", "changed", "deleted"].map((change) => ({ jobDefinitionCode: "told", change })),
  );
});

test("a definition that is paused, and resumed, has changed; one that was paused already has not", async () => {
  const node = await startTestNode({ services: "byHand" });
  const schedule = { cron: "0 0 * * *" };
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "told", jobType: "echo", schedule } });
  const reader = await createEventReader(node, "?kinds=definition");
  await node.api.jobDefinitions.pause("told");
  await node.api.jobDefinitions.pause("told");
  await node.api.jobDefinitions.resume("told");
  await node.api.jobDefinitions.delete("told");
  await reader.until((event) => event.data.change === "deleted");
  expect(eventsOf(reader, "definition").map(({ change }) => change)).toEqual(["changed", "changed", "deleted"]);
});

test("jobs that a schedule, a backfill or another job has made are told as made", async () => {
  const plays = createPlays({ oneByOne });
  const node = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const clock = fakeClock(node.database);
  await clock.set("2031-03-10T11:59:30Z");
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "told", jobType: "echo", schedule: { cron: "* * * * *", overlap: "skip" } },
  });
  const reader = await createEventReader(node, "?kinds=job&jobDefinitionCode=told");
  await clock.set("2031-03-10T12:00:01Z");
  await node.run("fire-schedules");
  await node.api.jobDefinitions.backfill("told", { from: "2031-03-10T10:00:00Z", to: "2031-03-10T10:01:00Z" });
  const params = { play: "oneByOne", steps: { only: { jobDefinitionCode: "told" } } };
  const { jobId } = await node.api.jobTypes.execute("parent", { params });
  await node.run("heartbeat");
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId, (job) => job.phase === "WAITING");
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: "told" });
  expect(new Set(jobs.map(({ trigger }) => trigger.kind))).toEqual(new Set(["schedule", "backfill", "sequence"]));
  for (let told = 0; told < jobs.length; told += 1) await reader.until(({ data }) => data.phase === "QUEUED");
  const queued = eventsOf(reader, "job").filter(({ phase }) => phase === "QUEUED");
  expect(new Set(queued.map((one) => one.jobId))).toEqual(new Set(jobs.map((one) => one.jobId)));
});

test("new notifications: of each end unless skipNotification, and of alerts; and that they were read", async () => {
  const node = await startTestNode({ services: "byHand" });
  const front = await startTestNode({ with: node, services: "byHand", flags: { roles: "api" } });
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "watched",
      jobType: "failing",
      params: { times: 9, retryable: false },
      options: { alerts: [{ when: "failures", by: ["notification"] }] },
    },
  });
  const reader = await createEventReader(front, "?kinds=notification");
  await expect.poll(() => node.context.changes.isRead("demo")).toBe(true);
  await node.api.jobTypes.execute("echo", { params: {}, options: { skipNotification: true } });
  const completed = await node.api.jobTypes.execute("echo", { params: {} });
  const failed = await node.api.jobDefinitions.execute("watched");
  const cancelled = await node.api.jobTypes.execute("echo", { params: {} });
  await node.api.jobs.cancel(cancelled.jobId);
  await runReady(node);
  await sendDue(node);
  await reader.until((event) => event.data.kind === "alert");
  const { notifications } = await node.api.notifications.list();
  expect(notifications).toHaveLength(4);
  const told = notifications.map(({ notificationId, kind, jobId, jobDefinitionCode }) => ({
    change: "created",
    notificationId,
    kind,
    jobId,
    jobDefinitionCode,
  }));
  expect(eventsOf(reader, "notification")).toHaveLength(4);
  expect(eventsOf(reader, "notification")).toEqual(expect.arrayContaining(told));
  expect(new Set(told.map((one) => one.jobId))).toEqual(new Set([completed.jobId, failed.jobId, cancelled.jobId]));
  await node.api.notifications.markRead({ before: "2999-01-01T00:00:00Z" });
  await reader.until((event) => event.data.change === "read");
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

test("a reader that comes again after more than it may have waiting is told to read again, and stays", async () => {
  const node = await startTestNode({ services: "byHand" });
  const reader = await createEventReader(node, "");
  const tell = (count: number) => {
    const data = { count, filler: "x".repeat(50_000) };
    node.context.changes.tell({ customerCode: "demo", kind: "log", data });
  };
  tell(0);
  const seen = await reader.until((event) => event.data.count === 0);
  await reader.close();
  const witness = await createEventReader(node, "");
  for (let count = 1; count <= 30; count += 1) {
    tell(count);
    await witness.until((event) => event.data.count === count);
  }
  const again = await createEventReader(node, "", seen.id);
  expect(again.events[0]?.event).toBe("reset");
  tell(31);
  await again.until((event) => event.data.count === 31);
  expect(again.events.map(({ event }) => event)).not.toContain("closed");
});

test("ten readers that stop reading are cut off, and the others hear all", async () => {
  const node = await startTestNode({ services: "byHand" });
  const slow = await Promise.all(Array.from({ length: 10 }, () => createEventReader(node, "", null, "stopped")));
  const quick = await Promise.all(Array.from({ length: 3 }, () => createEventReader(node, "")));
  const filler = "x".repeat(50_000);
  const tell = async (count: number) => {
    node.context.changes.tell({ customerCode: "demo", kind: "log", data: { count, filler } });
    await Promise.all(quick.map((one) => one.until((event) => event.data.count === count)));
  };
  expect(node.context.changes.readers("demo")).toBe(13);
  let last = 0;
  while (node.context.changes.readers("demo") > 3) await tell(++last);
  await tell(++last);
  for (const one of quick) {
    const counts = eventsOf(one, "log").map(({ count }) => count);
    expect(counts).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    expect(one.events.map(({ event }) => event)).not.toContain("reset");
  }
  await Promise.all(slow.map((one) => one.close()));
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
