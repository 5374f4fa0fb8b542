import { Command } from "commander";
import type { Node } from "../main.ts";
import { createLogger } from "../runtime/logger.ts";
import { addSettings, configOf } from "./settings-options.ts";

/** `punctual serve`: starts a node and runs it until SIGTERM or SIGINT. */
export function serveCommand(): Command {
  const command = new Command("serve").description("start a node");
  return addSettings(command).action(async () => {
    const config = configOf(command);
    const log = createLogger(config.logLevel, process.stdout.isTTY);
    // Only here, so that the commands that need no node do not load one.
    const { startNode, maskedError } = await import("../main.ts");
    process.on("uncaughtException", (error) => {
      // It may come from what a run has left behind, and hold what that knew.
      log.fatal({ err: maskedError(error) }, "a fault that nothing handled; the node ends, and its jobs run again");
      process.exit(1);
    });
    let node: Node | undefined;
    let state: "running" | "stopping" = "running";
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      // Not `once`: npm passes on what its child has had already, and a signal that nobody hears kills.
      process.on(signal, () => {
        if (state === "stopping") return;
        state = "stopping";
        if (!node) {
          // It has taken no job yet, and an embedded PostgreSQL ends with its node.
          log.info("stopped before it was ready");
          process.exit(0);
        }
        node.stop().then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ err: error }, "the node could not stop in order");
            process.exit(1);
          },
        );
      });
    }
    node = await startNode(config, log);
  });
}
