/** A headless Chromium for tests of the page: pages of people who are signed in, on which nothing may go wrong unseen. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect, inject, onTestFinished } from "vitest";
import type { Caller } from "./http.ts";
import { signIn } from "./sessions.ts";

let browser: Promise<Browser> | undefined;

/** How a person looks at the page. */
export interface Viewer {
  readonly colorScheme?: "light" | "dark";
  /** Pixels; 1,280 unless said, 375 is a phone. */
  readonly width?: number;
  /** Below which the node is reached; its own unless said. */
  readonly origin?: string;
  /** What the browser may complain of: pieces of its messages. */
  readonly expected?: readonly string[];
}

/** Opens a page of somebody who is not signed in. Whatever the browser complains of fails the test at its end. */
export async function openPage(node: Caller, viewer: Viewer = {}): Promise<Page> {
  browser ??= chromium.connect(inject("browser"));
  const { origin = node.origin, colorScheme = "light", width = 1280, expected = [] } = viewer;
  const context = await (await browser).newContext({
    baseURL: origin,
    colorScheme,
    viewport: { width, height: 800 },
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const hear = (text: string): void => {
    if (!expected.some((piece) => text.includes(piece))) complaints.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") hear(message.text());
  });
  page.on("pageerror", (error) => hear(String(error)));
  page.on("dialog", (dialog) => hear(`dialog: ${dialog.message()}`));
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  return page;
}

/** Opens a page of somebody who is signed in, at an address. */
export async function openSignedIn(node: Caller, path: string, viewer: Viewer = {}): Promise<Page> {
  const page = await openPage(node, viewer);
  const { cookie } = await signIn(node.origin, node.customerCode, node.apiKey);
  const [name = "", value = ""] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: node.origin, httpOnly: true, sameSite: "Strict" }]);
  await page.goto(path);
  return page;
}

/** Waits until nothing of the page is still a skeleton. The network is never idle: a stream of events is open. */
export async function isLoaded(page: Page): Promise<void> {
  await expect.poll(() => page.locator(".mantine-Skeleton-root, .mantine-Loader-root").count()).toBe(0);
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Those of axe's rules that look at colours, without those that AA does not ask for. */
const colourRules = ["color-contrast", "link-in-text-block"];

/**
 * Fails where axe finds a violation of WCAG 2.2 AA or of its own best practices.
 *
 * @param rules which of axe's rules; of those about colours alone for a page that was looked at in others
 */
export async function expectAccessible(page: Page, rules: "all" | "colours" = "all"): Promise<void> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axeSource);
  const violations = await page.evaluate(
    async (only) => {
      const runner: typeof axe = Reflect.get(globalThis, "axe");
      const { violations: found } = await runner.run({
        reporter: "v1",
        ...(only && { runOnly: { type: "rule", values: [...only] } }),
      });
      return found.map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary})`).join("; ")}`,
      );
    },
    rules === "colours" && colourRules,
  );
  expect(violations).toEqual([]);
}

/** Fails where the page is wider than its window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, window] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  expect(content).toBe(window);
}
