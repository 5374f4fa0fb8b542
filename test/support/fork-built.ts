/** For tests: the processes that a node starts beside it are those that the global set-up has built. */
import { forkBuilt } from "../../src/runtime/fork-beside.ts";

forkBuilt(new URL("../../dist", import.meta.url).pathname);
