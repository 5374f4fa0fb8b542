/** The examples of docs/guides/webservices.md, each run against an imitation of its service. */
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestNode } from "../support/nodes.ts";

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** A string goes as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** What the present test's service answers, host by host; `asked` is all that came. */
let services: Readonly<Record<string, (asked: Asked) => Answer>> = {};
let asked: Asked[] = [];

/** Every host of the guide is this server: the host is the first part of the path. */
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const [, host = "", ...rest] = (request.url ?? "").split("/");
  const url = new URL(`https://${host}/${rest.join("/")}`);
  const call: Asked = { method: request.method ?? "", url, headers: request.headers, body: Buffer.concat(chunks) };
  asked.push(call);
  const { status = 200, headers = {}, body } = services[host]?.(call) ?? { status: 404 };
  const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": typeof body === "string" ? "text/xml" : "application/json",
    ...headers,
  });
  response.end(text);
});

let node: Awaited<ReturnType<typeof openTestNode>>;
let examples: ReadonlyMap<string, string>;

const secrets: Readonly<Record<string, string>> = {
  SHOP_KEY: "shop-key-of-the-guide",
  CMS_HOOK: "hook-secret-of-the-guide",
  CRM_SECRET: "crm-secret of the guide",
  CHAT_TOKEN: "chat-token-of-the-guide",
  SMS_PASSWORD: "sms-password-of-the-guide",
  MARKET_KEY: "market-key-of-the-guide",
  REPORTS_TOKEN: "reports-token-of-the-guide",
  STORE_KEY: "store-key-of-the-guide",
};

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  node = await openTestNode({ flags: { "egress-allow": `127.0.0.1:${address.port}` } });
  for (const [code, value] of Object.entries(secrets)) await node.api.secrets.put(code, { value });

  const guide = await readFile(new URL("../../docs/guides/webservices.md", import.meta.url), "utf8");
  const local = (block: string): string =>
    block.replaceAll(/https:\/\/([a-z]+\.example\.com)/g, `http://127.0.0.1:${address.port}/$1`);
  examples = new Map(
    [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = ""]) => [
      /"jobDefinitionCode": "([^"]+)"/.exec(block)?.[1] ?? "",
      local(block),
    ]),
  );
});

afterAll(async () => {
  await node.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Puts the example's definition as it stands in the guide, executes it, and answers the ended job. */
async function run(code: string, imitation: typeof services) {
  services = imitation;
  asked = [];
  const example = examples.get(code);
  if (example === undefined) throw new Error(`the guide has no example ${code}`);
  await node.api.jobDefinitions.put(code, { jobDefinition: JSON.parse(example) });
  const { jobId } = await node.api.jobDefinitions.execute(code);
  const job = await node.api.jobs.get(jobId, { waitSeconds: 30 });
  for (const value of Object.values(secrets)) expect(JSON.stringify(job)).not.toContain(value);
  return job;
}

function only(): Asked {
  const [call] = asked;
  if (!call || asked.length > 1) throw new Error(`${asked.length} calls came`);
  return call;
}

test("1. orders of a shop", async () => {
  const orders = [{ id: 1, total: "9.90" }];
  expect(await run("open-orders", { "shop.example.com": () => ({ body: { orders } }) })).toMatchObject({
    status: "COMPLETED",
    result: { status: 200, body: { orders } },
  });
  expect(only().headers["x-shop-access-token"]).toBe(secrets.SHOP_KEY);
  expect(only().url.search).toBe("?status=open&limit=50&fields=id&fields=total");

  const overloaded = await run("open-orders", { "shop.example.com": () => ({ body: { error: "Try again later." } }) });
  expect(overloaded.error).toMatchObject({
    code: "RESPONSE_REJECTED",
    message: expect.stringMatching(/: Try again later\.$/),
  });
});

test("2. the webhook of a CMS", async () => {
  const job = await run("publish-hook", { "cms.example.com": () => ({ status: 204 }) });
  expect(job).toMatchObject({ status: "COMPLETED", result: { status: 204, body: null } });
  const { headers, body } = only();
  expect(JSON.parse(body.toString())).toMatchObject({ event: "publish", at: "", delivery: job.jobId });
  const signature = createHmac("sha256", secrets.CMS_HOOK ?? "")
    .update(`${headers["x-timestamp"]}.`)
    .update(body)
    .digest("hex");
  expect(headers["x-signature"]).toBe(`sha256=${signature}`);
  expect(headers["idempotency-key"]).toBe(job.jobId);
});

test("3. a CRM behind OAuth 2", async () => {
  const given = ["one", "two"];
  let valid = "one";
  const imitation: typeof services = {
    "login.example.com": ({ headers, body }) => {
      const [id, secret] = Buffer.from(headers.authorization?.slice(6) ?? "", "base64")
        .toString()
        .split(":");
      const client = new URLSearchParams(`${id}=${secret}`);
      const isKnown = client.get("punctual") === secrets.CRM_SECRET;
      if (!isKnown || new URLSearchParams(body.toString()).get("scope") !== "contacts.write") return { status: 401 };
      return { body: { access_token: given.shift(), token_type: "Bearer", expires_in: 3600 } };
    },
    "crm.example.com": ({ headers }) =>
      headers.authorization === `Bearer ${valid}` ? { status: 201, body: { id: 7 } } : { status: 401 },
  };
  const hosts = () => asked.map(({ url }) => url.host);
  expect(await run("new-contact", imitation)).toMatchObject({
    status: "COMPLETED",
    result: { status: 201, body: { id: 7 } },
  });
  expect(hosts()).toEqual(["login.example.com", "crm.example.com"]);
  expect(await run("new-contact", imitation)).toMatchObject({ status: "COMPLETED" });
  expect(hosts()).toEqual(["crm.example.com"]);
  // The CRM has forgotten the token.
  valid = "two";
  expect(await run("new-contact", imitation)).toMatchObject({ status: "COMPLETED" });
  expect(hosts()).toEqual(["crm.example.com", "login.example.com", "crm.example.com"]);
});

test("4. a chat that answers 200 whatever happens", async () => {
  const good = await run("daily-hello", { "chat.example.com": () => ({ body: { ok: true } }) });
  expect(good).toMatchObject({ status: "COMPLETED" });
  expect(only().headers.authorization).toBe(`Bearer ${secrets.CHAT_TOKEN}`);
  const gone = await run("daily-hello", {
    "chat.example.com": () => ({ body: { ok: false, error: "channel_not_found" } }),
  });
  expect(gone.error).toMatchObject({
    code: "RESPONSE_REJECTED",
    retryable: false,
    message: expect.stringMatching(/: channel_not_found \(see the list of errors of chat\.postMessage\)$/),
  });
});

test("5. a form, with user name and password", async () => {
  expect(await run("text-message", { "sms.example.com": () => ({ status: 201, body: {} }) })).toMatchObject({
    status: "COMPLETED",
  });
  const { headers, body } = only();
  expect(headers.authorization).toBe(`Basic ${btoa(`AC123:${secrets.SMS_PASSWORD}`)}`);
  expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
  const form = new URLSearchParams(body.toString());
  expect(form.get("To")).toBe("+49 30 1234");
  expect(form.get("Body")).toBe("Your order & more: 100% ready");
  expect(form.getAll("MediaUrl")).toHaveLength(2);
});

test("6. files with a form", async () => {
  const job = await run("upload-feed", { "market.example.com": () => ({ status: 202, body: { feed: 1 } }) });
  expect(job).toMatchObject({ status: "COMPLETED", result: { url: expect.stringMatching(/\/feeds\?key=\*\*\*$/) } });
  const { url, headers, body } = only();
  expect(url.searchParams.get("key")).toBe(secrets.MARKET_KEY);
  const form = await new Response(body, { headers: { "content-type": headers["content-type"] ?? "" } }).formData();
  const [file, logo] = [form.get("file"), form.get("logo")];
  if (!(file instanceof File) || !(logo instanceof File)) throw new Error("no files");
  expect(form.get("kind")).toBe("prices");
  expect(file.name).toMatch(/^prices-\d{8}\.csv$/);
  expect(await file.text()).toBe("sku,price\nA1,9.90\n");
  expect(logo.size).toBe(14);
});

test("7. a service that wants fewer calls", async () => {
  const answers: Answer[] = [{ status: 429, headers: { "retry-after": "0" } }, { status: 304 }];
  const job = await run("exchange-rates", { "rates.example.com": () => answers.shift() ?? { status: 500 } });
  expect(job).toMatchObject({
    status: "COMPLETED",
    attempt: 2,
    result: { status: 304, body: null, bodyEncoding: "none" },
  });
  expect(asked.map(({ headers }) => headers["if-none-match"])).toEqual(['"rates-1"', '"rates-1"']);
});

test("8. XML, and its own kind of error", async () => {
  const stock = "<Envelope><Body><stock>5</stock></Body></Envelope>";
  const job = await run("stock-level", { "erp.example.com": () => ({ body: stock }) });
  expect(job).toMatchObject({ status: "COMPLETED", result: { body: stock, bodyEncoding: "text" } });
  expect(only().headers).toMatchObject({ "content-type": "text/xml; charset=utf-8", soapaction: "getStock" });
  const fault = "<Envelope><Body><Fault><faultstring>Unknown sku</faultstring></Fault></Body></Envelope>";
  const failed = await run("stock-level", { "erp.example.com": () => ({ body: fault }) });
  expect(failed.error).toMatchObject({ code: "RESPONSE_REJECTED", message: expect.stringMatching(/: Unknown sku$/) });
});

test("9. an export that takes its time", async () => {
  const states = (...all: object[]): typeof services => ({
    "reports.example.com": ({ method }) =>
      method === "POST" ? { status: 202, headers: { location: "exports/41" } } : { body: all.shift() },
  });
  const job = await run("sales-export", states({ state: "running" }, { state: "done", rows: 3 }));
  expect(job).toMatchObject({
    status: "COMPLETED",
    attempt: 1,
    result: { status: 200, polls: 2, body: { state: "done", rows: 3 } },
  });
  expect(asked.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
    "POST /v1/exports",
    "GET /v1/exports/41",
    "GET /v1/exports/41",
  ]);
  for (const { headers } of asked) expect(headers.authorization).toBe(`Bearer ${secrets.REPORTS_TOKEN}`);
  const failed = await run("sales-export", states({ state: "failed", reason: "No sales on that day" }));
  expect(failed.error).toMatchObject({ code: "RESPONSE_REJECTED", message: expect.stringMatching(/: No sales/) });
});

test("10. products, page by page", async () => {
  const products = ["A1", "A2", "A3"].map((sku) => ({ sku, price: 9.9, weight: 1 }));
  const job = await run("all-products", {
    "store.example.com": ({ url }) => {
      const from = Number(url.searchParams.get("after") ?? 0);
      return { body: { products: products.slice(from, from + 2), nextCursor: from + 2 < 3 ? from + 2 : null } };
    },
  });
  const body = products.map(({ sku, price }) => ({ sku, price }));
  expect(job).toMatchObject({ status: "COMPLETED", result: { body, pages: 2, items: 3, truncated: false } });
  expect(asked.map(({ url }) => url.search)).toEqual(["?limit=2", "?limit=2&after=2"]);
  for (const { headers } of asked) expect(headers["x-api-key"]).toBe(secrets.STORE_KEY);
});

test("the guide shows no example that is not run here", async () => {
  const source = await readFile(new URL(import.meta.url), "utf8");
  for (const code of examples.keys()) expect(source).toContain(`run("${code}"`);
  expect(examples.size).toBeGreaterThanOrEqual(10);
});
