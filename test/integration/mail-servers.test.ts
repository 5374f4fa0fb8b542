/** Mail servers that are down, slow or hostile: every mail arrives when it can, and once. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { sender } from "../support/http.ts";
import { receivedBy, smtpError, startMailServer } from "../support/mail-server.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { runReady, sendDue } from "../support/outbox.ts";

const minute = 60_000;

function startWith(smtpUrl: string): Promise<TestNode> {
  return startTestNode({ services: "byHand", flags: { "smtp-url": smtpUrl } });
}

/** A job has completed, of which one address is to be told. */
async function endJob(node: TestNode, address = "ops@example.com"): Promise<void> {
  await node.database.sql`delete from app_user where email = ${address}`;
  await node.api.jobTypes.execute("echo", {
    params: {},
    options: { sendCompletionEmail: true, emailList: [address, "admin@example.com"] },
  });
  await runReady(node);
}

async function states(node: TestNode): Promise<string[]> {
  const { deliveries } = await node.api.deliveries.list();
  return deliveries.map(({ state, attempts }) => `${state} ${attempts}`);
}

test("none while the server is down, all after, each once", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const clock = fakeClock(node.database);
  await clock.advance(0);
  await server.close();
  for (let count = 0; count < 3; count += 1) await endJob(node);
  await sendDue(node);
  expect(await states(node)).toEqual(Array(6).fill("waiting 1"));
  const { deliveries } = await node.api.deliveries.list();
  expect(deliveries[0]?.answer).toMatch(/ECONNREFUSED/);

  const again = await startMailServer({}, server.port);
  await clock.advance(minute);
  await sendDue(node);
  await sendDue(node);
  expect(again.mails).toHaveLength(6);
  expect(new Set(again.mails.map(({ parsed }) => parsed.messageId)).size).toBe(6);
  expect(await states(node)).toEqual(Array(6).fill("delivered 2"));
});

test("a server that says 4xx for an hour and then works gets each mail, under one Message-ID, a few times asked", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const clock = fakeClock(node.database);
  await clock.advance(0);
  const seen = new Set<string | undefined>();
  let asked = 0;
  server.onMessage = ({ parsed }) => {
    asked += 1;
    seen.add(parsed.messageId);
    throw smtpError(451, "4.7.1 greylisted, come again");
  };
  await endJob(node);
  for (let minutes = 0; minutes < 60; minutes += 1) {
    await sendDue(node);
    await clock.advance(minute);
  }
  expect(server.mails).toEqual([]);
  expect(asked).toBeGreaterThanOrEqual(8);
  expect(asked).toBeLessThan(40);
  server.onMessage = ({ parsed }) => void seen.add(parsed.messageId);
  await clock.advance(60 * minute);
  await sendDue(node);
  expect(server.mails).toHaveLength(2);
  expect(seen.size).toBe(2);
});

test("after a day of failures a mail is given up, and says why", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const clock = fakeClock(node.database);
  await clock.advance(0);
  server.onMessage = () => {
    throw smtpError(450, "mailbox busy");
  };
  await endJob(node);
  for (let hours = 0; hours < 26; hours += 1) {
    await sendDue(node);
    await clock.advance(60 * minute);
  }
  const { deliveries } = await node.api.deliveries.list();
  for (const one of deliveries) {
    expect(one).toMatchObject({ state: "givenUp", nextAttemptAt: null });
    expect(one.answer).toContain("450 mailbox busy");
    expect(one.attempts).toBeGreaterThan(20);
  }
  expect(await node.database.sql`select content from delivery`).toEqual(deliveries.map(() => ({ content: {} })));
});

test("an address that the server does not know is given up at once, and keeps no other mail", async () => {
  const server = await startMailServer({
    onRcptTo({ address }, _session, callback) {
      callback(address === "gone@example.com" ? smtpError(550, "5.1.1 no such user") : undefined);
    },
  });
  const node = await startWith(server.url);
  await endJob(node, "gone@example.com");
  await sendDue(node);
  expect(server.mails.map(({ to }) => to)).toEqual([["admin@example.com"]]);
  const { deliveries } = await node.api.deliveries.list();
  const byAddress = new Map(deliveries.map((one) => [one.destination, one]));
  expect(byAddress.get("gone@example.com")).toMatchObject({ state: "givenUp", attempts: 1 });
  expect(byAddress.get("gone@example.com")?.answer).toContain("no such user");
});

test("a refusal for reasons of policy can be mended by the operator, and is tried again", async () => {
  const server = await startMailServer({
    onRcptTo: (_address, _session, callback) => callback(smtpError(554, "5.7.1 relay access denied")),
  });
  const node = await startWith(server.url);
  await endJob(node);
  await sendDue(node);
  expect(await states(node)).toEqual(["waiting 1", "waiting 1"]);
});

/** A server that speaks SMTP up to a point of the caller's choice. */
async function startHostileServer(onLine: (line: string, socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.write("220 hostile ESMTP\r\n");
    socket.on("data", (data) => {
      for (const line of String(data).split("\r\n")) if (line !== "") onLine(line, socket);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `smtp://127.0.0.1:${port}`;
}

test("a server that closes in mid-DATA costs a try and nothing else", async () => {
  const url = await startHostileServer((line, socket) => {
    if (line.startsWith("DATA")) socket.write("354 go on\r\n");
    else if (/^(EHLO|MAIL|RCPT)/.test(line)) socket.write("250 ok\r\n");
    else socket.destroy();
  });
  const node = await startWith(url);
  await endJob(node);
  await sendDue(node);
  expect(await states(node)).toEqual(["waiting 1", "waiting 1"]);
});

test("a server that accepts and hangs delays no webhook and no stop", async () => {
  let connected = 0;
  const silent = createServer(() => {
    connected += 1;
  });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const hooked = await startMailServer();
  const node = await startTestNode({
    services: "byHand",
    flags: { "smtp-url": `smtp://127.0.0.1:${port}`, "egress-allow": "127.0.0.0/8" },
    environment: { PUNCTUAL_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") },
  });
  await node.api.jobTypes.execute("echo", {
    params: {},
    options: {
      sendCompletionEmail: true,
      webhooks: [{ url: `http://127.0.0.1:${hooked.port}/` }],
    },
  });
  await runReady(node);
  await node.run("deliver-outbox");
  await expect.poll(() => connected).toBeGreaterThan(0);
  // The webhook's server is none that speaks HTTP: that the call was made and has failed is what counts.
  const webhook = async () => (await node.api.deliveries.list()).deliveries.find(({ kind }) => kind === "webhook");
  await expect.poll(async () => (await webhook())?.answer).toMatch(/INVALID_RESPONSE|CONNECTION_LOST/);
  await node.stop(0);
  const [mail] = await node.database.sql`select state, attempts, lease from delivery where kind = 'mail'`;
  expect(mail).toEqual({ state: "waiting", attempts: 0, lease: null });
});

test("customers whose mails hang, however many, leave places for another's", async () => {
  const server = await startMailServer();
  const hung: (() => void)[] = [];
  server.onMessage = ({ to }) =>
    to[0] === "admin@example.com" ? undefined : new Promise<void>((resolve) => hung.push(resolve));
  const node = await startWith(server.url);
  for (const code of ["aaa", "bbb"]) {
    const emailList = Array.from({ length: 30 }, (_, index) => `${code}${index}@example.com`);
    const body = { params: {}, options: { sendCompletionEmail: true, emailList } };
    await sender(await addCustomer(node, code))("POST", "/job-types/echo/_execute", body);
  }
  await runReady(node);
  await node.run("deliver-outbox");
  await expect.poll(() => hung.length).toBeGreaterThan(10);
  await node.api.jobTypes.execute("echo", { params: {}, options: { sendCompletionEmail: true } });
  await runReady(node);
  await node.run("deliver-outbox");
  await expect.poll(() => receivedBy(server)).toEqual(["admin@example.com: Completed: echo"]);
  server.onMessage = () => undefined;
  for (const letGo of hung) letGo();
  for (let round = 0; round < 20; round += 1) await sendDue(node);
  expect(server.mails).toHaveLength(63);
});

test("two nodes that live send nothing twice, and both send", async () => {
  const server = await startMailServer();
  const node = await startWith(server.url);
  const other = await startTestNode({ services: "byHand", with: node, flags: { "smtp-url": server.url } });
  for (let count = 0; count < 20; count += 1) {
    await node.api.jobTypes.execute("echo", {
      params: {},
      options: { sendCompletionEmail: true, emailList: ["a@example.com", "b@example.com"] },
    });
  }
  await runReady(node);
  for (let round = 0; round < 12; round += 1) await Promise.all([sendDue(node), sendDue(other)]);
  expect(server.mails).toHaveLength(60);
  expect(new Set(server.mails.map(({ parsed }) => parsed.messageId)).size).toBe(60);
});

test("credentials go over STARTTLS, and smtps wants a certificate that it can trust", async () => {
  const secured = await startMailServer({
    disabledCommands: [],
    authOptional: false,
    onAuth: ({ username, password }, session, callback) => {
      const isRight = username === "jobs" && password === "p@ss" && session.secure;
      callback(isRight ? null : new Error("no"), { user: "jobs" });
    },
  });
  const node = await startWith(
    `smtp://jobs:p%40ss@127.0.0.1:${secured.port}?requireTLS=true&tls.rejectUnauthorized=false`,
  );
  expect(await node.api.mail.test("me@example.com")).toMatchObject({ delivered: true });
  const tls = await startMailServer({ secure: true });
  const second = await startWith(`smtps://127.0.0.1:${tls.port}?tls.rejectUnauthorized=false`);
  expect(await second.api.mail.test("me@example.com")).toMatchObject({ delivered: true });
  const strict = await startWith(`smtps://127.0.0.1:${tls.port}`);
  const untrusted = { delivered: false, answer: expect.stringContaining("certificate") };
  expect(await strict.api.mail.test("me@example.com")).toEqual(untrusted);
});

test("a password never goes in clear to another host, and may to this one", async () => {
  // Whoever sits between may hide STARTTLS: then nothing is said at all. 0.0.0.0 is this host under a name that is not.
  let signIns = 0;
  const stripped = await startMailServer({
    allowInsecureAuth: true,
    onAuth: (_auth, _session, callback) => {
      signIns += 1;
      callback(null, { user: "jobs" });
    },
  });
  const robbed = await startWith(`smtp://jobs:p%40ss@0.0.0.0:${stripped.port}`);
  const refused = { delivered: false, answer: expect.stringMatching(/STARTTLS/) };
  expect(await robbed.api.mail.test("me@example.com")).toEqual(refused);
  expect(stripped.connections()).toBe(1);
  expect(signIns).toBe(0);
  const near = await startWith(`smtp://jobs:p%40ss@127.0.0.1:${stripped.port}`);
  expect(await near.api.mail.test("me@example.com")).toMatchObject({ delivered: true });
  expect(signIns).toBe(1);
});
