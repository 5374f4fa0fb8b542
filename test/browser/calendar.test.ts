/** The calendar of all schedules. */
import { expect, test } from "vitest";
import { openSignedIn } from "../support/browser.ts";
import { startTestNode } from "../support/nodes.ts";

test("a week shows every schedule's occurrences, where they crowd, and what jitter spreads them", async () => {
  const node = await startTestNode({ services: "byHand" });
  for (const number of [1, 2, 3, 4, 5, 6]) {
    await node.api.jobDefinitions.create({
      jobDefinition: {
        jobDefinitionCode: `shop-${number}`,
        jobType: "echo",
        schedule: { cron: "0 12 * * *", timeZone: "Europe/Berlin" },
      },
    });
  }
  // Next week is all ahead, whatever day it is.
  const page = await openSignedIn(node, "/calendar?week=1");
  const crowded = page.getByRole("region", { name: "Crowded minutes" });
  await crowded.getByText(/6 schedules fire at Mon .*12:00 and 6 more times. A jitter of 180 seconds/).waitFor();
  const noons = page.getByRole("button", { name: /, 12:00: 6, crowded$/ });
  expect(await noons.count()).toBe(7);
  await noons.first().click();
  await page
    .getByRole("region", { name: /^Monday/ })
    .getByRole("link", { name: "shop-4" })
    .waitFor();

  for (const code of ["shop-1", "shop-2"]) {
    await node.api.jobDefinitions.change(code, { jobDefinition: { schedule: { jitterSeconds: 180 } } });
  }
  await page.reload();
  await crowded.getByText("None ahead in this week").waitFor();
  await page.getByRole("button", { name: "This week" }).click();
  await expect.poll(() => new URL(page.url()).search).toBe("");
});
