import { expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { fakeClock } from "../support/clock.ts";
import { addPerson } from "../support/customers.ts";
import { keepLog } from "../support/log.ts";
import { addressesOf, receivedBy, startMailServer } from "../support/mail-server.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { runReady, sendDue } from "../support/outbox.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { createPlays, oneByOne } from "../support/waiting-job-types.ts";
import { startWebservice } from "../support/webservice.ts";

const admin = "admin@example.com";

function startWith(smtpUrl: string | undefined): Promise<TestNode> {
  const flags = { "mail-from": "Punctual <jobs@example.com>", "public-url": "https://jobs.example.com" };
  return startTestNode({ services: "byHand", flags: { ...flags, ...(smtpUrl && { "smtp-url": smtpUrl }) } });
}

const allOptions = [false, true].flatMap((completion) =>
  [false, true].flatMap((failure) => [false, true].map((skip) => ({ completion, failure, skip }))),
);

test.each(["by API", "by schedule"] as const)(
  "each combination of the options, %s, succeeded and failed: exactly the right mails, each once",
  async (way) => {
    const server = await startMailServer();
    const node = await startWith(server.url);
    const clock = fakeClock(node.database);
    await clock.set("2031-03-10T11:59:30Z");
    const expected: string[] = [];
    const make = async (outcome: "succeeds" | "fails", { completion, failure, skip }: (typeof allOptions)[number]) => {
      const code = `${outcome}-${completion}-${failure}-${skip}`;
      await node.api.jobDefinitions.create({
        jobDefinition: {
          jobDefinitionCode: code,
          jobType: "failing",
          params: { times: outcome === "fails" ? 9 : 0, retryable: false },
          ...(way === "by schedule" && { schedule: { cron: "0 12 * * *" } }),
          options: {
            sendCompletionEmail: completion,
            sendFailureEmail: failure,
            skipNotification: skip,
            emailList: ["ops@example.com", "OPS@Example.com", "Admin@Example.com"],
          },
        },
      });
      if (way === "by API") await node.api.jobDefinitions.execute(code);
      const told = outcome === "fails" ? failure : completion;
      const subject = `${outcome === "fails" ? "Failed" : "Completed"}: ${code}`;
      if (told) expected.push(`${admin}: ${subject}`, `ops@example.com: ${subject}`);
    };
    await Promise.all(allOptions.flatMap((options) => [make("succeeds", options), make("fails", options)]));
    await clock.set("2031-03-10T12:00:01Z");
    await node.run("fire-schedules");
    await runReady(node);
    await sendDue(node);
    await sendDue(node);
    expect(receivedBy(server)).toEqual(expected.sort());
    const { notifications } = await node.api.notifications.list();
    const shown = allOptions.filter(({ skip }) => !skip).length;
    for (const kind of ["completed", "failed"]) {
      expect(notifications.filter((one) => one.kind === kind)).toHaveLength(shown);
    }
  },
);

test("a job of a schedule is told of to who last saved the schedule, with the next occurrence", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const clock = fakeClock(node.database);
  await clock.set("2031-03-10T11:59:30Z");
  const editor = await addPerson(node, "editor", "editor@demo.example");
  const definition = (cron: string) => ({
    jobDefinition: {
      jobDefinitionCode: "scheduled",
      jobType: "failing",
      params: { times: 9, retryable: false },
      schedule: { cron, timeZone: "Europe/Berlin" },
      options: { sendFailureEmail: true, sendCompletionEmail: true, skipNotification: true },
    },
  });
  await node.api.jobDefinitions.create(definition("0 * * * *"));
  const theirs = createClient({ baseUrl: node.origin, customerCode: node.customerCode, apiKey: editor.apiKey });
  await theirs.jobDefinitions.put("scheduled", definition("* * * * *"));
  await clock.set("2031-03-10T12:00:01Z");
  await node.run("fire-schedules");
  await runReady(node);
  await sendDue(node);
  expect(receivedBy(server)).toEqual(["editor@demo.example: Failed: scheduled"]);
  const text = server.mails[0]?.parsed.text ?? "";
  expect(text).toMatch(/Due: +Mon, 10 Mar 2031, 13:00:00\n +Europe\/Berlin; 12:00:00 UTC/);
  expect(text).toMatch(/Next: +Mon, 10 Mar 2031, 13:01:00/);
  expect(text).toContain("because you last saved its schedule");
});

test("a mail tells what ran, when, how long, what came back, and where to look", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "nightly",
      name: "Nightly <b>import</b> & more",
      jobType: "echo",
      schedule: { cron: "0 3 * * *", timeZone: "Europe/Berlin" },
      params: { said: "<script>alert(1)</script>" },
      options: { sendCompletionEmail: true },
    },
  });
  const { jobId } = await node.api.jobDefinitions.execute("nightly");
  await runReady(node);
  await sendDue(node);

  const [mail] = server.mails;
  if (!mail) throw new Error("no mail came");
  const { parsed } = mail;
  expect(mail.from).toBe("jobs@example.com");
  expect(mail.to).toEqual([admin]);
  expect(addressesOf(parsed.to)).toEqual([admin]);
  expect(parsed.subject).toBe("Completed: Nightly <b>import</b> & more");
  expect(parsed.headers.get("auto-submitted")).toBe("auto-generated");
  const { deliveries } = await node.api.deliveries.list({ jobId });
  expect(parsed.messageId).toBe(`<${deliveries[0]?.deliveryId}@example.com>`);
  for (const part of ["nightly", "Europe/Berlin", "UTC", jobId, "<script>alert(1)</script>"]) {
    expect(parsed.text).toContain(part);
  }
  expect(parsed.text).toContain(`https://jobs.example.com/jobs/${jobId}`);
  expect(String(parsed.html)).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(String(parsed.html)).toContain("Nightly &lt;b&gt;import&lt;/b&gt; &amp; more");
  expect(String(parsed.html)).not.toMatch(/<(script|b)>/);
});

test("a failure is told at the last attempt alone, with its reason and what to do", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const options = { sendFailureEmail: true, retry: { maxAttempts: 2, initialSeconds: 0, maxSeconds: 0 } };
  await node.api.jobTypes.execute("failing", { params: { times: 9, retryable: true }, options });
  await runReady(node);
  await sendDue(node);
  expect(server.mails).toEqual([]);
  await runReady(node);
  await sendDue(node);
  expect(receivedBy(server)).toEqual([`${admin}: Failed: failing`]);
  expect(server.mails[0]?.parsed.text).toContain("attempt 2 fails.");
  expect(server.mails[0]?.parsed.text).toContain("What to do: Retry;");
  expect(server.mails[0]?.parsed.text).toContain("2 of 2");
});

test("the mail of a failed call shows the request and the answer, with what is secret hidden", async () => {
  const server = await startMailServer();
  const service = await startWebservice();
  const flags = { "smtp-url": server.url, "egress-allow": `127.0.0.1:${service.port}` };
  const node = await startTestNode({ services: "byHand", flags });
  await node.api.secrets.put("shop", { value: "open-sesame-4711" });
  const params = {
    url: `${service.origin}/status/500`,
    method: "POST",
    headers: { "X-Shop-Key": "{{secrets.shop}}", "X-Order": "17" },
    searchParams: { key: "{{secrets.shop}}" },
    auth: { type: "bearer", token: "in-clear-0815" },
    body: { order: 17 },
  };
  await node.api.jobTypes.execute("callWebserviceEndpoint", { params, options: { sendFailureEmail: true } });
  await runReady(node);
  await sendDue(node);
  expect(service.requests[0]?.headers).toMatchObject({ "x-shop-key": "open-sesame-4711" });
  const [mail] = server.mails;
  for (const part of [mail?.parsed.text, String(mail?.parsed.html)]) {
    expect(part).toContain("The request that failed");
    expect(part).toMatch(/POST http:\/\/127\.0\.0\.1:\d+\/status\/500\?key=\*\*\*/);
    expect(part).toMatch(/x-shop-key: \*\*\*/i);
    expect(part).toMatch(/x-order: 17/i);
    expect(part).toContain("Status 500");
  }
  for (const secret of ["open-sesame-4711", "in-clear-0815"]) expect(mail?.raw).not.toContain(secret);
});

test("whichever way a job ends: cancelled, expired in the queue, its node lost", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const clock = fakeClock(node.database);
  await clock.advance(0);
  const tell = (name: string) => ({ sendFailureEmail: true, emailList: [`${name}@example.com`] });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {}, options: tell("cancelled") });
  await node.api.jobs.cancel(jobId);
  await node.api.jobTypes.execute("echo", { params: {}, options: { ...tell("expired"), queueTimeoutSeconds: 1 } });
  await clock.advance(2_000);
  await node.run("expire-jobs");
  const lost = { ...tell("lost"), retry: { onWorkerLost: "fail" as const } };
  await node.api.jobTypes.execute("hanging", { params: {}, options: lost });
  const other = await startTestNode({ services: "byHand", with: node });
  await other.run("claim-jobs");
  await expect.poll(() => other.running()).toBe(1);
  await other.stop(0);
  await sendDue(node);

  const receivers = server.mails.map(({ to }) => to[0]).filter((address) => address !== admin);
  expect(receivers.sort()).toEqual(["cancelled@example.com", "expired@example.com", "lost@example.com"]);
  const texts = server.mails.map(({ parsed }) => parsed.text ?? "");
  for (const code of ["CANCELLED", "TIMED_OUT", "WORKER_LOST"]) expect(texts.join("\n")).toContain(code);
});

test("a child that its ancestors would hold up for ever has failed, and is told of", async () => {
  const server = await startMailServer();
  const plays = createPlays({ oneByOne });
  const node = await startTestNode({ testJobTypes: plays.types, flags: { "smtp-url": server.url } });
  const params = { play: "oneByOne", steps: { own: { jobDefinitionCode: "self" } } };
  const options = { maxConcurrent: 1, sendFailureEmail: true };
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "self", jobType: "parent", params, options },
  });
  const { jobId } = await node.api.jobDefinitions.execute("self");
  await waitForJob(node.api, jobId);
  await expect.poll(() => receivedBy(server)).toEqual([`${admin}: Failed: self`]);
  expect(server.mails[0]?.parsed.text).toContain("SELF_BLOCKED");
});

test("the person who made the job is told, and nobody who has left", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const colleague = await addPerson(node, "operator", "colleague@demo.example");
  const options = { sendCompletionEmail: true };
  const made = await fetch(`${node.origin}/vue/_api/v1/job-types/echo/_execute`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${colleague.apiKey}`,
      "x-customer-code": node.customerCode,
      "content-type": "application/json",
    },
    body: JSON.stringify({ params: {}, options }),
  });
  expect(made.status).toBe(200);
  await runReady(node);
  await sendDue(node);
  expect(server.mails.map(({ to }) => to)).toEqual([["colleague@demo.example"]]);
  await node.api.jobTypes.execute("echo", { params: {}, options: { ...options, emailList: ["list@example.com"] } });
  await node.database.sql`update job set trigger_by = 'colleague@demo.example' where status = 'STARTED'`;
  await node.api.users.remove(colleague.userId);
  await runReady(node);
  await sendDue(node);
  expect(server.mails.slice(1).map(({ to }) => to)).toEqual([["list@example.com"]]);
});

test("without a mail server mails wait, which the API and /readyz say; with one they all go", async () => {
  const node = await startWith(undefined);
  const options = { sendCompletionEmail: true, emailList: ["ops@example.com"] };
  for (let count = 0; count < 3; count += 1) await node.api.jobTypes.execute("echo", { params: {}, options });
  await runReady(node);
  await sendDue(node);
  expect(await node.api.mail.get()).toEqual({ mail: { configured: false, from: null, waiting: 6 } });
  const ready = await fetch(`${node.origin}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ details: { mail: "waits in the outbox until SMTP_URL is set" } });
  const waiting = async () => {
    await node.run("sample-queue");
    return /^punctual_deliveries_waiting\{kind="mail"\} (\d+)$/m.exec(await node.context.metrics.text("withheld"))?.[1];
  };
  expect(await waiting()).toBe("6");
  const { deliveries } = await node.api.deliveries.list();
  expect(deliveries.map(({ state, attempts }) => [state, attempts])).toEqual(Array(6).fill(["waiting", 0]));

  const server = await startMailServer();
  const other = await startTestNode({ services: "byHand", with: node, flags: { "smtp-url": server.url } });
  await sendDue(other);
  expect(server.mails).toHaveLength(6);
  expect((await other.api.mail.get()).mail).toMatchObject({ configured: true, waiting: 0 });
  expect(await (await fetch(`${other.origin}/readyz`)).json()).toMatchObject({ details: { mail: "is sent" } });
  expect(await waiting()).toBe("0");
});

test("the log says once that mails wait, when the first does", async () => {
  const { log, messages } = keepLog();
  const node = await startTestNode({ services: "byHand", log });
  await node.api.jobTypes.execute("echo", { params: {}, options: { sendCompletionEmail: false } });
  await runReady(node);
  await sendDue(node);
  const saying = () => messages().filter((message) => message.includes("SMTP_URL"));
  expect(saying()).toEqual([]);
  for (let count = 0; count < 2; count += 1) {
    await node.api.jobTypes.execute("echo", { params: {}, options: { sendCompletionEmail: true } });
    await runReady(node);
    await sendDue(node);
    await sendDue(node);
  }
  expect(saying()).toEqual(["mails wait in the outbox: set SMTP_URL (and MAIL_FROM) for them to be sent"]);
});

test("a test mail goes out at once, and says what is wrong where it cannot", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  expect(await node.api.mail.test("me@example.com")).toEqual({ delivered: true, answer: "250 OK: message queued" });
  expect(receivedBy(server)).toEqual(["me@example.com: Punctual can send mail"]);
  await server.close();
  const refused = { delivered: false, answer: expect.stringContaining("ECONNREFUSED") };
  expect(await node.api.mail.test("me@example.com")).toEqual(refused);
  const without = await startWith(undefined);
  const unset = { delivered: false, answer: expect.stringContaining("set SMTP_URL") };
  expect(await without.api.mail.test("me@example.com")).toEqual(unset);
});

test("bad addresses, and too many, are refused by a pointer, and nothing is saved", async () => {
  const node = await startWith(undefined);
  const create = (emailList: string[]) =>
    node.api.jobDefinitions.create({
      jobDefinition: { jobDefinitionCode: "bad", jobType: "echo", options: { emailList } },
    });
  const at = (path: string) => ({ problem: { errors: expect.arrayContaining([expect.objectContaining({ path })]) } });
  const hostile = [
    "nobody",
    "a@b@c",
    '"a\r\nBcc: x@y.example"@example.com',
    "a@example.com\r\nBcc: x@y.example",
    "a b@example.com",
    "@example.com",
    "a@",
    `${"a".repeat(65)}@example.com`,
    "a@exa_mple.com",
  ];
  for (const address of hostile) {
    await expect(create(["ok@example.com", address]), address).rejects.toMatchObject(
      at("/jobDefinition/options/emailList/1"),
    );
  }
  const many = Array.from({ length: 10_000 }, (_, index) => `a${index}@example.com`);
  await expect(create(many)).rejects.toMatchObject(at("/jobDefinition/options/emailList"));
  await expect(create(many.slice(0, 51))).rejects.toMatchObject(at("/jobDefinition/options/emailList"));
  await create(many.slice(0, 50));
});

test("a name that would be a header is one line of the subject", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const name = "Report\r\nBcc: victim@example.com\r\n\r\n<h1>Hello</h1>\u202e";
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "named", name, jobType: "echo", options: { sendCompletionEmail: true } },
  });
  await node.api.jobDefinitions.execute("named");
  await runReady(node);
  await sendDue(node);
  const [mail] = server.mails;
  expect(mail?.to).toEqual([admin]);
  expect(mail?.parsed.subject).toBe("Completed: Report Bcc: victim@example.com <h1>Hello</h1>");
  expect(mail?.parsed.headers.has("bcc")).toBe(false);
});

test("what happens in thousands is told in slices, and what came of the first is sent meanwhile", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  await node.api.jobTypes.execute("echo", { params: {}, options: { sendCompletionEmail: true } });
  await runReady(node);
  // Ends of jobs that have gone with their day meanwhile.
  await node.database.sql`
    insert into happening (customer_code, kind, at, job_day, job_id, due_at)
    select 'demo', 'jobEnded', app_now(), '2020-01-01', gen_random_uuid(), app_now() from generate_series(1, 1500)`;
  await sendDue(node);
  expect(receivedBy(server)).toEqual([`${admin}: Completed: echo`]);
  const left = () => node.database.sql`select from happening`;
  expect((await left()).count).toBe(501);
  await sendDue(node);
  expect(await left()).toHaveLength(0);
});
