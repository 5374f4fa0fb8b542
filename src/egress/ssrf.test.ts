import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failure, request } from "../../test/support/outgoing.ts";
import { startWebservice, type Webservice } from "../../test/support/webservice.ts";
import { createEgress, type Egress } from "./egress.ts";

let webservice: Webservice;
let strict: Egress;

const addresses: Readonly<Record<string, readonly string[]>> = {
  "private.test": ["10.1.2.3"],
  "metadata.test": ["169.254.169.254"],
  "loopback.test": ["127.0.0.1"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "several.test": ["10.0.0.1", "fd00::1", "127.0.0.1"],
  "zone.test": ["fe80::1%lo"],
};

beforeAll(async () => {
  webservice = await startWebservice();
  strict = createEgress({ allow: [], resolve: async (name) => addresses[name] ?? ["127.0.0.1"] });
});

afterAll(async () => {
  await strict.close();
  await webservice.close();
});

test.each([
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "0177.0.0.1",
  "017700000001",
  "127.0.0.1.",
  "①②⑦.⓪.⓪.①",
  "127%2e0.0.1",
  "0",
  "0.0.0.0",
  "10.0.0.1",
  "192.168.0.1",
  "172.16.0.1",
  "169.254.169.254",
  "0xa9fea9fe",
  "100.64.0.1",
  "198.18.0.1",
  "224.0.0.1",
  "255.255.255.255",
  "[::]",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "[fe80::1]",
  "[fc00::1]",
  "[ff02::1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b:1::a00:1]",
  "[2002:7f00:1::]",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "sub.localhost",
  "private.test",
  "metadata.test",
  "loopback.test",
  "loopback.test.",
  "mapped.test",
  "several.test",
  "zone.test",
])("http://%s/ is refused, and nothing is sent", async (host) => {
  const before = webservice.connections();
  const error = await failure(strict.fetch(request(`http://${host}:${webservice.port}/`)), "ADDRESS_NOT_ALLOWED");
  expect(error.retryable).toBe(false);
  expect(error.message).toMatch(/PUNCTUAL_EGRESS_ALLOW=/);
  expect(error.message).toContain(String(error.details?.address));
  expect(webservice.connections()).toBe(before);
});

test.each(["http://[fe80::1%25eth0]/", "http://[::1%25lo]/", "http://1.2.3.4.5/"])("%s is not a URL at all", (url) => {
  expect(URL.canParse(url)).toBe(false);
});

test("the message names host and address and says what to do", async () => {
  const error = await failure(strict.fetch(request("https://private.test/x?token=1")), "ADDRESS_NOT_ALLOWED");
  expect(error.message).toBe(
    "private.test has the address 10.1.2.3, which is a private address, and jobs may reach public ones only. Call a public " +
      "address, or have the operator allow this one: PUNCTUAL_EGRESS_ALLOW=private.test:443 or 10.1.2.3/32.",
  );
});

describe("what is allowed", () => {
  test("one port of a host, and no other", async () => {
    const egress = createEgress({ allow: [{ kind: "host", host: "127.0.0.1", port: webservice.port }] });
    const response = await egress.fetch(request(`http://127.0.0.1:${webservice.port}/`));
    response.body.destroy();
    expect(response.status).toBe(200);
    await failure(egress.fetch(request("http://127.0.0.1:1/")), "ADDRESS_NOT_ALLOWED");
    await failure(egress.fetch(request(`http://localhost:${webservice.port}/`)), "ADDRESS_NOT_ALLOWED");
    await egress.close();
  });

  test("of several addresses only those allowed are ever connected to", async () => {
    const resolved = ["10.0.0.1", "127.0.0.1", "fd00::1"];
    const egress = createEgress({
      allow: [{ kind: "network", address: "127.0.0.0", prefixLength: 8, port: null }],
      resolve: async () => resolved,
    });
    const response = await egress.fetch(request(`http://several.test:${webservice.port}/`));
    response.body.destroy();
    expect(response.status).toBe(200);
    await egress.close();
  });
});

test("a name that changes between look-ups is judged at each connection", async () => {
  const answers = [["127.0.0.1"], ["127.0.0.2"]];
  const egress = createEgress({
    allow: [{ kind: "network", address: "127.0.0.1", prefixLength: 32, port: null }],
    resolve: async () => answers.shift() ?? ["127.0.0.2"],
  });
  // HEAD closes its connection, so that the next request needs another one.
  const url = `http://rebinding.test:${webservice.port}/`;
  const first = await egress.fetch(request(url, { method: "HEAD" }));
  first.body.destroy();
  await webservice.waitForNoConnections();
  const error = await failure(egress.fetch(request(url)), "ADDRESS_NOT_ALLOWED");
  expect(error.details).toMatchObject({ address: "127.0.0.2", kind: "loopback" });
  await egress.close();
});

test("a name is looked up once for each connection, and connected to as it was looked up", async () => {
  let lookUps = 0;
  const egress = createEgress({
    allow: [{ kind: "network", address: "127.0.0.1", prefixLength: 32, port: null }],
    // An attacker's server would answer the check with one address and the connection with another.
    resolve: async () => (++lookUps === 1 ? ["127.0.0.1"] : ["169.254.169.254"]),
  });
  const response = await egress.fetch(request(`http://rebinding.test:${webservice.port}/`));
  response.body.destroy();
  expect(response.status).toBe(200);
  expect(lookUps).toBe(1);
  await egress.close();
});

describe("a redirect", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost/",
    "http://[::1]/",
    "http://2130706433/",
    "http://private.test/",
    "//10.0.0.1/",
  ])("to %s is refused", async (to) => {
    const egress = createEgress({
      allow: [{ kind: "host", host: "127.0.0.1", port: webservice.port }],
      resolve: async (name) => addresses[name] ?? ["127.0.0.1"],
    });
    const url = `http://127.0.0.1:${webservice.port}/redirect?to=${encodeURIComponent(to)}`;
    await failure(egress.fetch(request(url)), "ADDRESS_NOT_ALLOWED");
    await egress.close();
  });
});
