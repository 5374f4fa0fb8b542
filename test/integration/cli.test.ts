/** The command line, as a process of its own. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Type from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mailCommand } from "../../src/cli/mail.ts";
import { sender } from "../support/http.ts";
import { receivedBy, startMailServer } from "../support/mail-server.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";
import { countRows } from "../support/stored-rows.ts";
import { startWebservice } from "../support/webservice.ts";

const script = fileURLToPath(new URL("../../dist/cli/punctual.js", import.meta.url));

let node: Awaited<ReturnType<typeof openTestNode>>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "punctual-cli-"));
  node = await openTestNode();
});
afterAll(async () => {
  await node.close();
  await rm(folder, { recursive: true, force: true });
});

function punctual(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  return new Promise((resolve) => {
    const environment = { PATH: process.env.PATH, DATABASE_URL: node.database.url, PUNCTUAL_DATA_DIR: folder };
    execFile(process.execPath, [script, ...args], { env: environment }, (error, out, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: stderr });
    });
  });
}

test("customers create makes a customer whose printed key works on the running node", async () => {
  const made = await punctual("customers", "create", "acme", "--admin-email", "ada@acme.example");
  expect(made).toMatchObject({ code: 0, error: "" });
  const printed = Value.Parse(
    Type.Object({ customerCode: Type.String(), apiKey: Type.String() }),
    JSON.parse(made.out),
  );
  expect(printed.customerCode).toBe("acme");
  const send = sender({ origin: node.origin, ...printed });
  expect((await send("GET", "/users")).body).toMatchObject({ users: [{ email: "ada@acme.example", role: "admin" }] });
  expect((await send("GET", "/audit-events")).body).toMatchObject({ auditEvents: [{ action: "customer.create" }] });
});

test("what is refused is told in sentences, all faults at once, without a stack, and makes nothing", async () => {
  await node.database.sql`insert into customer (customer_code) values ('taken')`;
  const before = await countRows(node.database);
  const [settings, usage, taken] = await Promise.all([
    punctual("serve", "--port", "99999", "--roles", "boss", "--api-prefix", "x"),
    punctual("customers", "create", ".bad", "--admin-email", "a@example.com"),
    punctual("customers", "create", "taken", "--admin-email", "a@example.com"),
  ]);
  expect(settings.error).toMatch(/--port is "99999".*\n.*--roles is "boss".*\n.*--api-prefix is "x"/);
  expect(usage.error).toMatch(/customer code is 1–128 letters/);
  expect(taken.error).toBe("The customer code taken is taken.\n");
  for (const { code, out, error } of [settings, usage, taken]) {
    expect([code, out]).toEqual([1, ""]);
    expect(error).not.toMatch(/^\s+at /m);
  }
  expect(await countRows(node.database)).toEqual(before);
});

test("execute and job speak to the node that the credentials name", async () => {
  const { origin: baseUrl, customerCode, apiKey } = node;
  await writeFile(join(folder, "credentials.json"), JSON.stringify({ baseUrl, customerCode, apiKey }));
  await node.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "d", jobType: "echo", params: { a: 1 } },
  });
  const executed = await punctual("execute", "d", "--params", '{"b":2}');
  expect(executed.out).toMatch(/^\d{8}-[0-9a-f-]{36}\n$/);
  const [shown, missing] = await Promise.all([punctual("job", executed.out.trim()), punctual("execute", "nope")]);
  expect(JSON.parse(shown.out)).toMatchObject({ jobId: executed.out.trim(), params: { a: 1, b: 2 } });
  expect(missing).toMatchObject({ code: 1, error: 'NOT_FOUND: There is no job definition "nope".\n' });
});

test("execute and job reach a node at another address and prefix when told so", async () => {
  const moved = await startTestNode({ with: node, flags: { "api-prefix": "/api" }, services: "byHand" });
  const { customerCode, apiKey } = node;
  const file = join(folder, "elsewhere.json");
  await writeFile(file, JSON.stringify({ baseUrl: "http://127.0.0.1:1", customerCode, apiKey }));
  await node.api.jobDefinitions.put("moved", { jobDefinition: { jobDefinitionCode: "moved", jobType: "echo" } });
  const where = ["--credentials", file, "--base-url", moved.origin, "--api-prefix", "/api"];
  const executed = await punctual("execute", "moved", ...where);
  expect(executed).toMatchObject({ code: 0, error: "" });
  const shown = await punctual("job", executed.out.trim(), ...where);
  expect(JSON.parse(shown.out)).toMatchObject({ jobId: executed.out.trim(), jobDefinitionCode: "moved" });
  const wrong = await punctual("job", executed.out.trim(), "--credentials", file, "--base-url", "nowhere");
  expect(wrong).toMatchObject({
    code: 1,
    error: expect.stringMatching(/^--base-url must be a URL.*, not "nowhere"\.\n$/),
  });
});

test("--version is that of the package", async () => {
  const { version }: { version?: string } = JSON.parse(await readFile("package.json", "utf8"));
  expect(await punctual("--version")).toEqual({ code: 0, out: `${version}\n`, error: "" });
});

test("a node that is not there is told in one line that says what to do", async () => {
  const strange = await startWebservice();
  const closed = await startWebservice();
  await closed.close();
  const addresses = [closed.origin, "http://nowhere.invalid", strange.origin, "nonsense"];
  const answers = await Promise.all(
    addresses.map(async (baseUrl, at) => {
      const file = join(folder, `unreachable-${at}.json`);
      await writeFile(file, JSON.stringify({ baseUrl, customerCode: "demo", apiKey: "pnc_a_b" }));
      return punctual("job", "20240302-018e0000-0000-7000-8000-000000000000", "--credentials", file);
    }),
  );
  await strange.close();
  expect(answers).toMatchObject([
    {
      code: 1,
      error: expect.stringMatching(/^No node answers at http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\): check .*\n$/),
    },
    { code: 1, error: expect.stringMatching(/^No node answers at http:\/\/nowhere\.invalid \(\w+\): check .*\n$/) },
    { code: 1, error: expect.stringMatching(/^GET \/jobs\/.* answered something that is not the API's.*\n$/) },
    { code: 1, error: '"nonsense" is not the address of a node.\n' },
  ]);
});

test("pause, resume, backfill and occurrences speak of a schedule", { timeout: 60_000 }, async () => {
  const { origin: baseUrl, customerCode, apiKey } = node;
  await writeFile(join(folder, "credentials.json"), JSON.stringify({ baseUrl, customerCode, apiKey }));
  const schedule = { cron: "0 0 1 1 *" };
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "yearly", jobType: "echo", schedule } });
  const range = ["yearly", "--from", "2024-01-01T00:00:00Z", "--to", "2025-01-01T00:00:01Z"];
  const made = await punctual("backfill", ...range);
  expect(made).toMatchObject({ code: 0, error: "" });
  const [first, second] = made.out.trimEnd().split("\n");
  expect(second).toMatch(/^\d{8}-[0-9a-f-]{36}$/);
  const [again, endless] = await Promise.all([
    punctual("backfill", ...range),
    punctual("backfill", "yearly", "--from", "2025-01-01T00:00:00Z"),
  ]);
  expect(again.out).toBe(made.out);
  expect(endless.error).toMatch(/--to/);

  const window = ["--after", "2023-12-31T00:00:00Z", "--before", "2025-12-31T00:00:00Z"];
  const [told, ofAll, unknown] = await Promise.all([
    punctual("occurrences", "yearly", ...window),
    punctual("occurrences", ...window),
    punctual("occurrences", "--outcome", "lost"),
  ]);
  expect(told.out.split("\n")).toEqual([
    `2024-01-01T00:00:00.000Z\tmissed\tnot scheduled at that time\t\tbackfilled ${first}`,
    `2025-01-01T00:00:00.000Z\tmissed\tnot scheduled at that time\t\tbackfilled ${second}`,
    "",
  ]);
  expect(ofAll.out).toBe(told.out.replace(/^(?=.)/gm, "yearly\t"));
  expect(unknown.error).toMatch(/outcome/);

  expect((await punctual("pause", "yearly", "--reason", "for now")).out).toBe("paused by admin@example.com: for now\n");
  expect((await node.api.jobDefinitions.get("yearly")).jobDefinition.paused).toBe(true);
  expect((await punctual("resume", "yearly")).out).toMatch(/^\d{4}-01-01T00:00:00.000Z\n$/);
});

test("mail test has the node send one, and says what its mail server said, or why it was not sent", async () => {
  const server = await startMailServer();
  const sending = await startTestNode({ with: node, services: "byHand", flags: { "smtp-url": server.url } });
  const sent = await punctual(
    "mail",
    "test",
    "me@example.com",
    "--data-dir",
    node.dataDir,
    "--base-url",
    sending.origin,
  );
  const out = "The mail server took the mail to me@example.com: 250 OK: message queued\n";
  expect(sent).toEqual({ code: 0, out, error: "" });
  expect(receivedBy(server)).toEqual(["me@example.com: Punctual can send mail"]);
  // What such an error becomes is shown above: this one needs no process.
  const unset = ["test", "me@example.com", "--data-dir", node.dataDir, "--base-url", node.origin];
  await expect(mailCommand().parseAsync(unset, { from: "user" })).rejects.toThrow(/^The mail to .* set SMTP_URL/);
});
