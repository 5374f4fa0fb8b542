/** The page of one job. */
import { expect, test } from "vitest";
import { openSignedIn } from "../support/browser.ts";
import { startTestNode } from "../support/nodes.ts";
import { createDoor, scriptedType } from "../support/scripted-job-type.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a running job shows its progress and its log as they come, and then its result", async () => {
  const [middle, end] = [createDoor(), createDoor()];
  const running = scriptedType({
    import: async (ctx) => {
      ctx.log.info("reading products.csv");
      ctx.progress(250, 1000, "row 250");
      await middle.opened;
      ctx.log.warn("row 500 has no price");
      ctx.progress(500, 1000, "row 500");
      await end.opened;
      return { rows: 1000 };
    },
  });
  const node = await startTestNode({ jobTypes: [running] });
  const { jobId } = await node.api.jobTypes.execute("scripted", { params: { script: "import" } });
  const page = await openSignedIn(node, `/jobs/${jobId}`);
  await page.getByText("250 of 1,000: row 250").waitFor();
  await page.getByText("reading products.csv").waitFor();
  middle.open();
  await page.getByText("500 of 1,000: row 500").waitFor();
  await page.getByText("row 500 has no price").waitFor();
  expect(await page.getByRole("progressbar", { name: "50 % done" }).count()).toBe(1);
  end.open();
  await page.getByRole("status").getByText("Completed").waitFor();
  await page.getByRole("region", { name: "Result" }).getByText("1000").waitFor();
});

test("a log is not asked for while its stream tells of it; a stream that is lost is said, and what it missed comes", async () => {
  const [first, second, end] = [createDoor(), createDoor(), createDoor()];
  const running = scriptedType({
    import: async (ctx) => {
      await first.opened;
      ctx.log.info("told by the stream");
      await second.opened;
      ctx.log.info("logged while nobody heard");
      await end.opened;
      return null;
    },
  });
  const node = await startTestNode({ jobTypes: [running] });
  const { jobId } = await node.api.jobTypes.execute("scripted", { params: { script: "import" } });
  const page = await openSignedIn(node, `/jobs/${jobId}`, { expected: ["ERR_INTERNET_DISCONNECTED"] });
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/logs?")) asked.push(request.url());
  });
  await page.getByText("Nothing yet. Lines appear here").waitFor();
  const before = asked.length;
  first.open();
  await page.getByText("told by the stream").waitFor();
  // Once for the line, and once more where it was told in two pieces; by the clock there would be one each second.
  expect(asked.length - before).toBeLessThanOrEqual(3);

  await page.context().setOffline(true);
  await page.getByText("The live connection is lost.").waitFor();
  await page.getByText("The node does not answer.").waitFor();
  second.open();
  await expect.poll(async () => (await node.api.jobs.logs(jobId)).logs.length).toBe(2);
  await page.context().setOffline(false);
  await page.getByText("logged while nobody heard").waitFor();
  await expect.poll(() => page.getByText("The live connection is lost.").count()).toBe(0);
  end.open();
  await page.getByRole("status").getByText("Completed").waitFor();
});

test("a failure says what happened and what to do; with other params the job runs again", async () => {
  const node = await startTestNode();
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 1, retryable: false } });
  await waitForJob(node.api, jobId);
  const page = await openSignedIn(node, `/jobs/${jobId}`, { expected: ["400 (Bad Request)"] });
  await page.getByText("Connection lost: attempt 1 fails.").waitFor();
  await page.getByText("What to do: Retry; if it stays, look at the other end's log").waitFor();

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Rerun with other params…" }).click();
  const editor = page.getByLabel("Params (JSON)");
  await editor.fill('{"times": "none"}');
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("dialog").getByRole("alert").getByText("/params/times").waitFor();
  await editor.fill('{"times": 0}');
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByRole("status").getByText("Completed").waitFor();
  const [newest] = (await node.api.jobs.list()).jobs;
  expect(page.url()).toBe(`${node.origin}/jobs/${newest?.jobId}`);
  expect(newest).toMatchObject({ trigger: { kind: "rerun" }, status: "COMPLETED" });
}, 30_000);

test("a job that has not started is cancelled after a question", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  const page = await openSignedIn(node, `/jobs/${jobId}`);
  await page.getByText("It waits for a free slot of a worker.").waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel the job" }).click();
  await page.getByRole("status").getByText("Cancelled", { exact: true }).waitFor();
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "FAILED", error: { code: "CANCELLED" } });
});

test("the call that makes the job again is copied as a shell takes it", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: { text: "it's $HOME" } });
  const page = await openSignedIn(node, `/jobs/${jobId}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Copy as curl" }).click();
  await page.getByText("The call is on the clipboard").waitFor();
  expect(await page.evaluate<string>("navigator.clipboard.readText()")).toContain(
    `-d '{"params":{"text":"it'\\''s $HOME"}}'`,
  );
});

test("what a job was given and said is harmless text, whatever is in it", async () => {
  const markup = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const line = `${markup} \u001b[31mred\u001b[0m \u202eturned`;
  const hostile = scriptedType({
    hostile: async (ctx) => {
      ctx.log.error(line);
      return { markup, [markup]: "a name", long: "x".repeat(1_000_000), turned: "\u202eturned" };
    },
  });
  const node = await startTestNode({ jobTypes: [hostile] });
  const { jobId } = await node.api.jobTypes.execute("scripted", { params: { script: "hostile" } });
  await waitForJob(node.api, jobId);
  const page = await openSignedIn(node, `/jobs/${jobId}`);
  await page.getByText(`${markup} ␛[31mred␛[0m <U+202E>turned`).waitFor();
  const result = page.getByRole("region", { name: "Result" });
  await result.getByText("a name").waitFor();
  expect(await result.getByText(markup).count()).toBe(2);
  await result.getByRole("button", { name: /more characters/ }).click();
  await result.getByText("the rest is in the download").waitFor();
  const download = page.waitForEvent("download");
  await result.getByRole("button", { name: "Download Result" }).click();
  expect((await download).suggestedFilename()).toBe(`${jobId}-result.json`);
  expect(await page.locator("img, script:not([src])").count()).toBe(0);
});

test("an id that nobody has, and another customer's, is told as such", async () => {
  const node = await startTestNode({ services: "byHand" });
  const page = await openSignedIn(node, "/jobs/20240302-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c", {
    expected: ["404 (Not Found)"],
  });
  await page.getByRole("heading", { name: "There is no such job" }).waitFor();
});
