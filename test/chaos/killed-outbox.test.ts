/** A node is killed between the end of a job and its mail. */
import { expect, test } from "vitest";
import { receivedBy, startMailServer } from "../support/mail-server.ts";
import { startNodeProcess } from "../support/processes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("kill -9 of the node between a job's end and its mail: the mail still comes, once", async () => {
  const server = await startMailServer();
  // Nobody sends yet: this node has no mail server.
  const first = await startNodeProcess({ flags: ["--worker-slots", "2"] });
  const { jobId } = await first.api.jobTypes.execute("callWebserviceEndpoint", {
    params: { url: "http://10.0.0.1/" },
    options: { sendFailureEmail: true, emailList: ["ops@example.com"] },
  });
  expect(await waitForJob(first.api, jobId)).toMatchObject({ status: "FAILED" });
  await first.killWithPostgres();

  const second = await startNodeProcess({ dataDir: first.dataDir, flags: ["--smtp-url", server.url] });
  await expect
    .poll(() => receivedBy(server), { timeout: 60_000 })
    .toEqual(["admin@example.com: Failed: callWebserviceEndpoint", "ops@example.com: Failed: callWebserviceEndpoint"]);
  await second.terminate();
  expect(server.mails).toHaveLength(2);
});
