import { expect, onTestFinished, test } from "vitest";
import { untilAllEnded } from "../support/all-jobs.ts";
import { startTestNode } from "../support/nodes.ts";
import { startWebservice } from "../support/webservice.ts";
import { createCalls } from "../support/webservice-calls.ts";

test("a node of 300 slots has 300 calls to one service under way at once", async () => {
  const webservice = await startWebservice();
  onTestFinished(() => webservice.close());
  webservice.hold();
  const flags = { "worker-slots": "300", "egress-allow": `127.0.0.1:${webservice.port}` };
  const node = await startTestNode({ flags });
  await createCalls(node.api, webservice, 300);
  await webservice.waitForCalls(300);
  expect(node.running()).toBe(300);
  webservice.release();
  await untilAllEnded(node.api);
});
