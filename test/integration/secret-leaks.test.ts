/** A secret is used in every place where one can be used, and is then looked for in everything that was left behind. */
import { pino } from "pino";
import { expect, test } from "vitest";
import { JobError } from "../../src/job-types/contract.ts";
import { createEventReader } from "../support/events.ts";
import { upload } from "../support/files.ts";
import { sender } from "../support/http.ts";
import { startMailServer } from "../support/mail-server.ts";
import { startTestNode } from "../support/nodes.ts";
import { everyFile, everyRow, leakyValue, shows } from "../support/secret-leaks.ts";
import { sftpAccount, startSftpServer } from "../support/sftp-server.ts";
import { createPlays, type Play } from "../support/waiting-job-types.ts";
import { startWebservice } from "../support/webservice.ts";

const token = (params: Readonly<Record<string, unknown>>) => String(params.token);
const basic = (text: string) => `Basic ${Buffer.from(`user:${text}`).toString("base64")}`;

const tell: Play = async (ctx, params) => {
  ctx.log.info(`the token is ${token(params)}`);
  ctx.log.debug(
    JSON.stringify({ url: `https://x/?t=${encodeURIComponent(token(params))}`, header: basic(token(params)) }),
  );
  ctx.log.warn(`${"x".repeat(8_190 - token(params).length / 2)}${token(params)}${"y".repeat(10_000)}`);
  for (let at = 0; at < 40; at += 1)
    ctx.log.info(
      `a chunk: ${token(params)
        .padStart(60, "-")
        .slice(0, 61 + at)}`,
    );
  ctx.progress(1, 2, `half of ${token(params)}`);
  return { [token(params)]: [token(params), { deep: basic(token(params)), n: 1 }], "": `<p>${token(params)}</p>` };
};

const fail: Play = async (_ctx, params) => {
  throw new JobError("INVALID_RESPONSE", `it said ${token(params)} and ${basic(token(params))}`, {
    details: { [token(params)]: { said: [JSON.stringify(token(params))] } },
  });
};

const throwAnything: Play = async (_ctx, params) => {
  throw new Error(`no access with ${token(params)}`, { cause: token(params) });
};

const wait: Play = async (ctx, params) => {
  if (ctx.state === null)
    return ctx.sleepUntil(ctx.clock.now(), { next: `https://x/${token(params)}`, $sealed: false });
  return {
    isKept: JSON.stringify(ctx.state) === JSON.stringify({ next: `https://x/${token(params)}`, $sealed: false }),
  };
};

const giveAway: Play = async (ctx, params) =>
  ctx.jobs.await("child", { jobType: "echo", params: { header: basic(token(params)) } });

const exchange: Play = async (ctx, params) => {
  const value = await ctx.secrets.get(String(params.code));
  ctx.secrets.hide("a-token-that-was-given-for-it");
  ctx.log.info(`got ${value}, and for it a-token-that-was-given-for-it`);
  return { isValue: value === leakyValue, value, token: "a-token-that-was-given-for-it" };
};

const large: Play = async (_ctx, params) => ({
  rows: Array.from({ length: 9_000 }, () => `row with ${token(params)}`),
});

const plays = createPlays({ tell, fail, throwAnything, wait, giveAway, exchange, large });
const logged: string[] = [];

test("the value is used, and is nowhere but in its row, encrypted", async () => {
  const webservice = await startWebservice();
  const mails = await startMailServer();
  const sftp = await startSftpServer();
  sftp.files.set("/out/b.txt", Buffer.from("to be fetched"));
  const node = await startTestNode({
    testJobTypes: plays.types,
    flags: { "egress-allow": `127.0.0.1:${webservice.port},127.0.0.1:${sftp.port}`, "smtp-url": mails.url },
    log: pino({ level: "trace" }, { write: (line: string) => void logged.push(line) }),
  });
  const reader = await createEventReader(node, "");
  await node.api.secrets.put("TOKEN", { value: leakyValue });
  await node.api.secrets.put("SFTP_PASSWORD", { value: sftpAccount.password });
  await upload(node, "incoming", [["sent.txt", "to be sent"]]);
  const reference = "{{secrets.TOKEN}}";
  const { origin } = webservice;
  const everywhere = {
    url: `${origin}/echo/${reference}/more?q=${reference}`,
    method: "POST",
    searchParams: { token: reference, list: [reference, "x"], mixed: `a ${reference} b` },
    headers: { "X-Token": reference, "X-List": `a=${reference}; b` },
    body: { token: reference, deep: [{ text: `before ${reference} after` }] },
  };
  const client = {
    type: "oauth2ClientCredentials",
    clientId: reference,
    clientSecret: reference,
    scope: reference,
    audience: reference,
    extraParams: { more: reference },
  };
  const tokenUrl = `${origin}/type?is=application/json&t=${reference}&body=${encodeURIComponent('{"access_token":"given"}')}`;
  const calls: Record<string, unknown>[] = [
    everywhere,
    { ...everywhere, auth: { type: "basic", username: "user", password: reference } },
    { ...everywhere, auth: { type: "bearer", token: reference }, body: `text with ${reference}` },
    { ...everywhere, auth: { type: "apiKey", in: "query", name: "key", value: reference }, successStatus: [204] },
    { ...everywhere, auth: { type: "hmac", secret: reference, header: "X-Signature" }, responseType: "text" },
    { ...everywhere, responseType: "base64" },
    { ...everywhere, responseType: "base64", maxResponseBytes: 100, onTooLarge: "truncate" },
    { ...everywhere, responseType: "text", maxResponseBytes: 60, onTooLarge: "truncate" },
    { ...everywhere, maxResponseBytes: 60 },
    { url: `${origin}/not-json?t=${reference}`, responseType: "json" },
    { url: `${origin}/status/500?t=${reference}` },
    { url: `${origin}/redirect?to=/echo?t=${reference}` },
    { url: `${origin}/redirect?to=${reference}`, followRedirects: false },
    { url: `${origin}/drop/${reference}` },
    { url: `http://127.0.0.1:1/${reference}` },
    { url: `${reference}/x` },
    { url: `${origin}/echo`, headers: { "X-Lines": `${reference}\nline` } },
    { ...everywhere, auth: { ...client, tokenUrl } },
    { ...everywhere, auth: { ...client, tokenUrl: `${origin}/echo?t=${reference}`, clientAuthentication: "body" } },
    { ...everywhere, tls: { ca: reference, certificate: reference, key: reference, passphrase: reference } },
    // The address that is asked is kept between the runs.
    { ...everywhere, waitFor: { when: "always", url: "body.url", until: 'body.method = "GET"', intervalSeconds: 1 } },
    { ...everywhere, paginate: { by: "cursor", next: "body.none", items: "[body]" } },
  ];
  const plain = `${origin}/type?is=text/plain&body=fine&t=${reference}`;
  const stored = { bucketCode: "incoming", filename: "got.txt" };
  const sent = { bucketCode: "incoming", filename: "sent.txt" };
  const more = { headers: { "X-Token": reference }, auth: { type: "bearer", token: reference } };
  const failing = [
    `${origin}/status/500?t=${reference}`,
    `${origin}/drop/${reference}`,
    `http://127.0.0.1:1/${reference}`,
  ];
  const bySftp = { url: `sftp://127.0.0.1:${sftp.port}/out/a.txt`, hostKey: sftp.fingerprint };
  const login = { type: "basic", username: sftpAccount.username, password: "{{secrets.SFTP_PASSWORD}}" };
  const key = { type: "privateKey", username: reference, privateKey: reference, passphrase: reference };
  const form = { field: reference, file: { filename: "a.txt", content: `with ${reference}` } };
  const transfers: (readonly [string, Record<string, unknown>])[] = [
    ["callWebserviceEndpoint", { url: `${origin}/echo`, method: "POST", bodyType: "multipart", body: form }],
    ["callWebserviceEndpoint", { url: plain, ...more, saveResponseTo: stored }],
    ["callWebserviceEndpoint", { url: failing[0], saveResponseTo: stored }],
    ["downloadFile", { url: plain, ...more, ...stored }],
    ["uploadFile", { url: `${origin}/echo?t=${reference}`, ...more, ...sent }],
    ...failing.map((url) => ["downloadFile", { url, ...more, ...stored }] as const),
    ...failing.map((url) => ["uploadFile", { url, ...more, ...sent }] as const),
    ["uploadFile", { ...bySftp, auth: login, ...sent }],
    ["downloadFile", { ...bySftp, url: bySftp.url.replace("a.txt", "b.txt"), auth: login, ...stored }],
    ["downloadFile", { ...bySftp, url: `${bySftp.url}-none`, auth: login, ...stored }],
    ["downloadFile", { ...bySftp, auth: { ...login, username: reference, password: reference }, ...stored }],
    ["uploadFile", { ...bySftp, auth: key, ...sent }],
    ["uploadFile", { ...bySftp, url: `sftp://127.0.0.1:${sftp.port}/${reference}`, auth: login, ...sent }],
  ];
  const jobs = [
    ...transfers,
    ...calls.map((params) => ["callWebserviceEndpoint", params] as const),
    ...Object.keys({ tell, fail, throwAnything, wait, giveAway, large }).map(
      (play) => ["parent", { play, token: reference }] as const,
    ),
    ["parent", { play: "exchange", code: "TOKEN" }] as const,
    ["echo", { name: reference, twice: reference + reference }] as const,
  ];
  const ids: string[] = [];
  for (const [type, params] of jobs) {
    const told = { sendFailureEmail: true, sendCompletionEmail: true, emailList: ["people@example.com"] };
    const options = type === "parent" ? { ...told, retry: { maxAttempts: 2, initialSeconds: 1, maxSeconds: 1 } } : told;
    ids.push((await node.api.jobTypes.execute(type, { params, options })).jobId);
  }
  const { jobDefinition } = await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "with-token", jobType: "parent", params: { play: "tell", token: reference } },
  });
  ids.push((await node.api.jobDefinitions.execute(jobDefinition.jobDefinitionCode)).jobId);
  const ended: Awaited<ReturnType<typeof node.api.jobs.get>>[] = [];
  for (const id of ids) ended.push(await node.api.jobs.get(id, { waitSeconds: 60 }));
  ids.push((await node.api.jobs.rerun(ids[transfers.length] ?? "")).jobId);
  await node.api.jobs.get(ids.at(-1) ?? "", { waitSeconds: 60 });
  const last = ids.at(-1);
  await reader.until((event) => event.data.jobId === last && event.data.phase === "DONE");

  // It was really used.
  const requests = webservice.requests.map((request) => JSON.stringify(request));
  expect(requests.filter(shows).length).toBeGreaterThanOrEqual(26);
  const byPlay = (play: string) => ended.find((job) => job.params.play === play);
  expect(byPlay("wait")).toMatchObject({ status: "COMPLETED", result: { isKept: true } });
  expect(byPlay("exchange")).toMatchObject({ result: { isValue: true, value: "***", token: "***" } });
  expect(byPlay("giveAway")).toMatchObject({
    error: { code: "CHILD_REFUSED", message: expect.stringContaining("secret") },
  });
  expect(byPlay("fail")).toMatchObject({ error: { message: "it said *** and Basic dXNlcj***" } });
  expect(byPlay("tell")).toMatchObject({
    result: { "***": ["***", { deep: "Basic dXNlcj***", n: 1 }], "": "<p>***</p>" },
  });
  expect(ended[transfers.length]).toMatchObject({ status: "COMPLETED", params: everywhere });
  const done = ended.slice(0, transfers.length).map(({ status }) => status === "COMPLETED");
  expect(done).toEqual([true, true, false, true, true, ...Array(6).fill(false), true, true, ...Array(4).fill(false)]);
  expect(String(sftp.files.get("/out/a.txt"))).toBe("to be sent");

  const send = sender(node);
  const answers: string[] = [];
  for (const id of ids) {
    for (const path of ["", "/attempts", "/logs?limit=200"])
      answers.push((await send("GET", `/jobs/${id}${path}`)).text);
  }
  for (const path of ["/jobs?limit=200", "/job-definitions", "/audit-events?limit=200", "/secrets", "/secrets/TOKEN"]) {
    answers.push((await send("GET", path)).text);
  }
  answers.push(await (await fetch(`${node.origin}/metrics`)).text());
  await expect.poll(() => mails.mails.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(jobs.length);
  const rows = await everyRow(node.database);
  expect(rows.some((row) => row.startsWith("secret ") && row.includes("TOKEN"))).toBe(true);
  const left = {
    rows,
    answers,
    events: reader.events.map((event) => JSON.stringify(event)),
    log: logged,
    mails: mails.mails.flatMap(({ raw, parsed }) => [raw, `${parsed.text}`, `${parsed.html}`, `${parsed.subject}`]),
    files: await everyFile(node.dataDir),
  };
  for (const [where, texts] of Object.entries(left)) {
    expect(texts.length, where).toBeGreaterThan(0);
    expect(texts.filter(shows), where).toEqual([]);
    expect(
      texts.filter((text) => text.includes(sftpAccount.password)),
      where,
    ).toEqual([]);
    expect(
      texts.filter((text) => text.includes("a-token-that-was")),
      where,
    ).toEqual([]);
  }
  expect(answers.filter((text) => text.includes("***")).length).toBeGreaterThanOrEqual(20);
  await webservice.close();
  await sftp.close();
}, 120_000);
