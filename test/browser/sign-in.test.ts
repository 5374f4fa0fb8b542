/** The way in to the page, and out. */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { expectAccessible, openPage, openSignedIn } from "../support/browser.ts";
import { startTestNode } from "../support/nodes.ts";

test("a person signs in with customer code and key, stays signed in, and signs out", async () => {
  const node = await startTestNode({ services: "byHand" });
  const page = await openPage(node, { expected: ["401 (Unauthorized)"] });
  await page.goto("/jobs?status=FAILED");
  await page.getByLabel("Customer code").fill("demo");
  await page.getByLabel("API key").fill("pnc_wrong");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("The API key is unknown or has been revoked.").waitFor();
  await expectAccessible(page);
  await page.getByLabel("API key").fill(node.apiKey);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "No job fits these filters" }).waitFor();
  expect(new URL(page.url()).search).toBe("?status=FAILED");

  await page.reload();
  await page.getByRole("heading", { name: "Jobs", exact: true }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Customer code").waitFor();
  await page.reload();
  await page.getByLabel("Customer code").waitFor();
});

test("the link of the first start signs in once, and does not stay in the address", async () => {
  const lines: string[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  const node = await startTestNode({ services: "byHand", log });
  const [link = ""] = /http\S+\/sign-in#[^"\s]+/.exec(lines.join("")) ?? [];
  const page = await openPage(node);
  await page.goto(link);
  await page.getByRole("heading", { name: "Overview", exact: true }).waitFor();
  expect(page.url()).toBe(`${node.origin}/`);

  const again = await openPage(node, { expected: ["401 (Unauthorized)"] });
  await again.goto(link);
  await again.getByRole("alert").getByText("has been used or has expired").waitFor();
  await again.getByLabel("Customer code").waitFor();
});

test("a session that ends while the page is open shows the way in, and goes on where it was", async () => {
  const node = await startTestNode({ services: "byHand" });
  const page = await openSignedIn(node, "/jobs", { expected: ["401 (Unauthorized)"] });
  await page.getByRole("heading", { name: "No jobs yet: make the first one" }).waitFor();
  await page.context().clearCookies();
  await page.getByText("Failed", { exact: true }).click();
  await page.getByLabel("Customer code").fill("demo");
  await page.getByLabel("API key").fill(node.apiKey);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "No job fits these filters" }).waitFor();
});

test("the page works below a path that a proxy takes away", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  const origin = await startProxy(node.origin, "/tools/punctual");
  const page = await openPage(node, { origin });
  await page.goto(`/tools/punctual/jobs/${jobId}`);
  await page.getByLabel("Customer code").fill("demo");
  await page.getByLabel("API key").fill(node.apiKey);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "echo" }).waitFor();
  await page.getByRole("link", { name: "Jobs", exact: true }).first().click();
  await page.getByRole("link", { name: "echo" }).waitFor();
  expect(page.url()).toBe(`${origin}/tools/punctual/jobs`);
});

/** A reverse proxy that serves a node below a path. @returns its origin */
async function startProxy(target: string, path: string): Promise<string> {
  const server = createServer((incoming, answer) => {
    const { url = "", method, headers } = incoming;
    if (!url.startsWith(`${path}/`)) {
      answer.writeHead(404).end();
      return;
    }
    const outgoing = request(target + url.slice(path.length), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port }: AddressInfo = Object(server.address());
  return `http://127.0.0.1:${port}`;
}
