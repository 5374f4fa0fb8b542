import { expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { fakeClock } from "../support/clock.ts";
import { addCustomer, addPerson } from "../support/customers.ts";
import { startTestNode } from "../support/nodes.ts";
import { runReady } from "../support/outbox.ts";

test("every end makes one, unless skipNotification; people read apart, by page, and another customer nothing", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.advance(0);
  const ids: string[] = [];
  for (let count = 0; count < 7; count += 1) {
    const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
    ids.unshift(jobId);
    if (count % 3 === 2) await runReady(node);
    await clock.advance(1_000);
  }
  await node.api.jobTypes.execute("echo", { params: {}, options: { skipNotification: true } });
  const failing = await node.api.jobTypes.execute("failing", { params: { times: 9, retryable: false } });
  await runReady(node);

  const all = await node.api.notifications.list();
  expect(all.unreadCount).toBe(8);
  expect(new Set(all.notifications.map((one) => one.notificationId))).toEqual(new Set([...ids, failing.jobId]));
  expect(all.notifications.find(({ jobId }) => jobId === failing.jobId)).toMatchObject({
    kind: "failed",
    message: "attempt 1 fails",
    jobType: "failing",
    read: false,
  });
  const paged: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof node.api.notifications.list>> = await node.api.notifications.list({
      limit: 3,
      ...(cursor && { cursor }),
    });
    paged.push(...page.notifications.map((one) => one.notificationId));
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(all.notifications.map((one) => one.notificationId));

  expect(await node.api.notifications.markRead({ notificationIds: [failing.jobId] })).toEqual({ unreadCount: 7 });
  expect(await node.api.notifications.markRead({ notificationIds: [failing.jobId] })).toEqual({ unreadCount: 7 });
  const unread = await node.api.notifications.list({ unread: true });
  expect(unread.notifications.map((one) => one.notificationId)).not.toContain(failing.jobId);
  expect(unread.notifications).toHaveLength(7);

  const colleague = await addPerson(node, "viewer");
  const theirs = createClient({ baseUrl: node.origin, customerCode: node.customerCode, apiKey: colleague.apiKey });
  expect((await theirs.notifications.list()).notifications).toHaveLength(8);
  const other = await addCustomer(node, "curious");
  const stranger = createClient({ baseUrl: node.origin, customerCode: "curious", apiKey: other.apiKey });
  expect(await stranger.notifications.list()).toEqual({ notifications: [], unreadCount: 0, nextCursor: null });
  await stranger.notifications.markRead({ notificationIds: ids, before: "2999-01-01T00:00:00Z" });
  expect((await node.api.notifications.list()).unreadCount).toBe(7);

  const before = all.notifications[0]?.at ?? "";
  expect(await node.api.notifications.markRead({ before })).toEqual({ unreadCount: 0 });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  await clock.advance(1_000);
  await runReady(node);
  expect((await node.api.notifications.list({ unread: true })).notifications).toMatchObject([
    { notificationId: jobId },
  ]);
});

test("they are kept for 30 days, and deliveries as well", async () => {
  const node = await startTestNode({ services: "byHand", flags: { "retention-days": "90" } });
  const clock = fakeClock(node.database);
  await clock.advance(0);
  await node.api.jobTypes.execute("echo", { params: {}, options: { sendCompletionEmail: true } });
  await runReady(node);
  await node.run("deliver-outbox");
  await clock.advance(29 * 86_400_000);
  await node.run("apply-retention");
  expect((await node.api.notifications.list()).notifications).toHaveLength(1);
  // Nobody set a mail server in a week.
  expect((await node.api.deliveries.list()).deliveries).toMatchObject([{ state: "givenUp", attempts: 0 }]);
  expect(await node.database.sql`select content from delivery`).toEqual([{ content: {} }]);
  await clock.advance(2 * 86_400_000);
  await node.run("apply-retention");
  expect((await node.api.notifications.list()).notifications).toEqual([]);
  await clock.advance(30 * 86_400_000);
  await node.run("apply-retention");
  expect((await node.api.deliveries.list()).deliveries).toEqual([]);
});

test("the newest one can be marked as read by its own time, and one that has gone with its job is not unread", async () => {
  const node = await startTestNode({ services: "byHand", flags: { "retention-days": "2" } });
  await node.database.sql`insert into test_clock values (date_trunc('second', now()) + interval '123456 microseconds')`;
  await node.api.jobTypes.execute("echo", { params: {} });
  await runReady(node);
  const [newest] = (await node.api.notifications.list()).notifications;
  expect(await node.api.notifications.markRead({ before: newest?.at ?? "" })).toEqual({ unreadCount: 0 });
  const clock = fakeClock(node.database);
  await clock.advance(1_000);
  await node.api.jobTypes.execute("echo", { params: {} });
  await runReady(node);
  expect(await node.api.notifications.list()).toMatchObject({ unreadCount: 1, notifications: [{}, {}] });
  await clock.advance(4 * 86_400_000);
  await node.run("apply-retention");
  expect(await node.api.notifications.list()).toEqual({ notifications: [], unreadCount: 0, nextCursor: null });
});

test("the completions and the failures of a schedule's jobs are told alike", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2031-03-10T12:00:00Z");
  const schedule = { cron: "*/2 * * * * ?" };
  for (const [jobDefinitionCode, times] of [
    ["good", 0],
    ["bad", 9],
  ] as const) {
    const params = { times, retryable: false };
    await node.api.jobDefinitions.create({
      jobDefinition: { jobDefinitionCode, jobType: "failing", params, schedule },
    });
  }
  for (let fires = 0; fires < 3; fires += 1) {
    await clock.advance(2_000);
    await node.run("fire-schedules");
    await runReady(node);
  }
  const { notifications } = await node.api.notifications.list();
  const told = notifications.map(({ kind, jobDefinitionCode }) => `${jobDefinitionCode} ${kind}`);
  expect(told.sort()).toEqual([...Array(3).fill("bad failed"), ...Array(3).fill("good completed")]);
});
