/** Starts processes of the node's own scripts, for work that may take its time or more memory than a node has. */
import { type ChildProcess, fork, type StdioOptions } from "node:child_process";
import { dirname, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const sources = dirname(import.meta.dirname);
let built: string | undefined;

/** Has a node that runs from its source start the built scripts, which begin in a third of the time. @param folder holds what was built of `src/` */
export function forkBuilt(folder: string): void {
  built = folder;
}

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
  const isSource = extname(here) === ".ts";
  const folder = isSource && built !== undefined ? join(built, relative(sources, dirname(here))) : dirname(here);
  const needsLoader = isSource && built === undefined;
  return fork(join(folder, `${name}${needsLoader ? ".ts" : ".js"}`), [], {
    execArgv: [...flags, ...(needsLoader ? ["--import", "tsx"] : [])],
    env: {},
    stdio,
    serialization: "advanced",
  });
}
