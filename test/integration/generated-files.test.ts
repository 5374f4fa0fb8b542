import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { documentedUrl, generatedFiles } from "../../scripts/generated-files.ts";
import { startTestNode } from "../support/nodes.ts";

test("generated files are what the code makes; `npm run generate` writes them", async () => {
  const node = await startTestNode({ services: "byHand", flags: { "public-url": documentedUrl } });
  for (const [path, content] of await generatedFiles(node.origin, node.database.sql)) {
    expect(await readFile(path, "utf8"), path).toBe(content);
  }
});
