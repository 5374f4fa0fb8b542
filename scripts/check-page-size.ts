/** `npm run build:page`: tells how much JavaScript the page loads first, and fails where it is too much. */
import { firstLoad, mostFirstLoad } from "./page-size.ts";

const bytes = await firstLoad(new URL("../dist/web/", import.meta.url));
console.log(
  `first load of the page: ${Math.round(bytes / 1_000)} KB of JavaScript, gzipped (at most ${mostFirstLoad / 1_000})`,
);
if (bytes > mostFirstLoad) process.exit(1);
