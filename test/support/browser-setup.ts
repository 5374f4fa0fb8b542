/** One headless Chromium for a run of the tests of the page; each page has a context of its own in it. */
import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the tests' Chromium listens. */
    browser: string;
  }
}

/** Where distributions put one, for systems that npm has none for. */
const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await chromium.launchServer({
    executablePath: await findChromium(),
    headless: true,
    chromiumSandbox: false,
    host: "127.0.0.1",
  });
  project.provide("browser", server.wsEndpoint());
  return () => server.close();
}

/** The one from npm, which is a shell without windows, needs a third of the time of a whole Chromium for a page's first load. */
async function findChromium(): Promise<string> {
  if (process.platform === "linux" && process.arch === "x64") return sparticuz.executablePath();
  const found = installed.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(`the tests of the page need a Chromium: there is none at ${installed.join(", ")}`);
}
