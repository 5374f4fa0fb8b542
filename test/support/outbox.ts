/** What tests of mails, webhooks and alerts share. */
import { expect } from "vitest";
import type { TestNode } from "./nodes.ts";

/** Runs everything that is ready, to its end. */
export async function runReady(node: TestNode): Promise<void> {
  await node.run("heartbeat");
  await node.run("promote-jobs");
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(0);
}

/** Sends what is due, and waits until each try has ended. */
export async function sendDue(node: TestNode): Promise<void> {
  await node.run("deliver-outbox");
  await nothingUnderWay(node);
}

/** Resolves when no delivery is under a claim. */
export async function nothingUnderWay({ database }: TestNode): Promise<void> {
  const claimed = () => database.sql`select from delivery where lease is not null`;
  await expect.poll(async () => (await claimed()).count).toBe(0);
}
