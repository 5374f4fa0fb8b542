/** `npm run bench -- <topic> […]`: runs `bench/<topic>/index.ts`, which reads the rest of the arguments from `process.argv`. */
import { existsSync, readdirSync } from "node:fs";

const [topic, ...rest] = process.argv.slice(2);
const folder = new URL("./", import.meta.url);
const topics = readdirSync(folder).filter((name) => existsSync(new URL(`${name}/index.ts`, folder)));

if (topic !== undefined && topics.includes(topic)) {
  // A topic sees its own arguments where it would if it were called alone.
  process.argv.splice(2, process.argv.length, ...rest);
  await import(new URL(`${topic}/index.ts`, folder).href);
} else {
  console.error(topic === undefined ? "Name a topic:" : `There is no topic ${JSON.stringify(topic)}; there are:`);
  for (const name of topics) console.error(`  npm run bench -- ${name}`);
  process.exitCode = 1;
}
