/** The page's first call, as a person takes it from there: it needs no internet. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const run = promisify(execFile);

/** Runs the script of the page of a node, and answers the texts that it puts into the page's elements. */
async function textsOnPage(origin: string): Promise<Record<string, string>> {
  const elements = new Map<string, { textContent: string; className: string }>();
  const page = await (await fetch(`${origin}/`)).text();
  for (const [, id = ""] of page.matchAll(/ id="([^"]+)"/g)) elements.set(id, { textContent: "", className: "" });
  const script = await (await fetch(`${origin}/page.js`)).text();
  // What a browser gives a page: elements by id, its address, and requests relative to it.
  vi.stubGlobal("document", { getElementById: (id: string) => elements.get(id) ?? null });
  vi.stubGlobal("location", new URL(`${origin}/`));
  const { fetch: fetchAnywhere } = globalThis;
  vi.stubGlobal("fetch", (path: string) => fetchAnywhere(new URL(path, `${origin}/`)));
  try {
    await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(script)}`);
  } finally {
    vi.unstubAllGlobals();
  }
  return Object.fromEntries([...elements].map(([id, { textContent }]) => [id, textContent]));
}

test("the call that the page shows makes a job that completes without internet", async () => {
  const node = await startTestNode({ flags: { "egress-allow": "127.0.0.0/8" } });
  const texts = await textsOnPage(node.origin);
  expect(texts).toMatchObject({
    state: "This node is ready.",
    start: `npm start -- --egress-allow ${new URL(node.origin).host}`,
  });
  const command = (texts.call ?? "").replace("<apiKey>", node.apiKey).replace("<customerCode>", node.customerCode);
  const { stdout } = await run("sh", ["-c", command]);
  const { jobId }: { jobId?: string } = JSON.parse(stdout);
  expect(await waitForJob(node.api, jobId ?? "")).toMatchObject({
    status: "COMPLETED",
    result: { status: 200, body: { status: "ok" }, url: `${node.origin}/healthz` },
  });
});
