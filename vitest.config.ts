import { defineConfig } from "vitest/config";

/** Unit tests that start processes of the server. */
const withProcesses = ["src/files/process/**/*.test.ts", "src/expressions/**/*.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    // A poll ends when its condition holds; the bound is for a condition that never will.
    expect: { poll: { timeout: 30_000, interval: 10 } },
    hookTimeout: 120_000,
    // Tests wait for processes and the database about as long as they compute.
    maxWorkers: 2,
    // A worker loads the modules of the product once, not again for each file: that was a sixth of the whole time. What a test makes is
    // its own all the same, since no module keeps anything between nodes that two nodes of one process may not share.
    isolate: false,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["src/**/*.test.ts", "web/src/**/*.test.ts"], exclude: withProcesses },
      },
      {
        extends: true,
        test: {
          name: "processes",
          include: withProcesses,
          globalSetup: "test/support/build-server.ts",
          setupFiles: "test/support/fork-built.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          globalSetup: "test/support/global-setup.ts",
          setupFiles: "test/support/fork-built.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          // A page of the shared Chromium was once not painted within 30 s, on a machine with three tests at a time; why is not known.
          retry: 1,
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          globalSetup: ["test/support/global-setup.ts", "test/support/browser-setup.ts"],
          setupFiles: "test/support/fork-built.ts",
          // Alone after the others: all of them share one Chromium.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "chaos",
          include: ["test/chaos/**/*.test.ts"],
          globalSetup: "test/support/global-setup.ts",
          setupFiles: "test/support/fork-built.ts",
          testTimeout: 180_000,
        },
      },
    ],
  },
});
