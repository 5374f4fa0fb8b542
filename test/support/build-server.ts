/** Global set-up of unit tests that start processes of the server. */
export { buildServer as default } from "./build.ts";
