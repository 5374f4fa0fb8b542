/** Starts processes of the node's own scripts, for work that may take its time or more memory than a node has. */
import { type ChildProcess, fork, type StdioOptions } from "node:child_process";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Starts a script in a process that has nothing of the node's environment; messages are structured clones.
 *
 * @param moduleUrl `import.meta.url` of a module in the script's folder
 * @param name of the script, without its extension
 * @param flags for Node
 */
export function forkBeside(
  moduleUrl: string,
  name: string,
  {
    flags = [],
    stdio = ["ignore", "ignore", "ignore", "ipc"],
  }: { flags?: readonly string[]; stdio?: StdioOptions } = {},
): ChildProcess {
  const here = fileURLToPath(moduleUrl);
  const extension = extname(here);
  return fork(join(dirname(here), name + extension), [], {
    // From its source, as in tests, it needs a loader.
    execArgv: [...flags, ...(extension === ".ts" ? ["--import", "tsx"] : [])],
    env: {},
    stdio,
    serialization: "advanced",
  });
}
