import { afterEach, expect, test, vi } from "vitest";
import { startForwardProxy, type TestProxy, type TestProxyOptions } from "../../test/support/forward-proxy.ts";
import { failure, request, textOf } from "../../test/support/outgoing.ts";
import { sftpAccount, startSftpServer } from "../../test/support/sftp-server.ts";
import { startWebservice, testAuthority, testClients, type Webservice } from "../../test/support/webservice.ts";
import { parseEgressRules } from "../model/egress-rules.ts";
import { createEgress, type Egress, type EgressOptions } from "./egress.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

function keep<Thing extends { close(): Promise<void> }>(thing: Thing): Thing {
  open.push(thing);
  return thing;
}

async function startProxy(options?: TestProxyOptions): Promise<TestProxy> {
  return keep(await startForwardProxy(options));
}

/** Names are looked up here as public ones: only the proxy knows the way to the webservice. */
function egressThrough(proxy: string | TestProxy, more: Partial<EgressOptions> = {}): Egress {
  return keep(
    createEgress({
      allow: [],
      proxy: typeof proxy === "string" ? proxy : `http://127.0.0.1:${proxy.port}`,
      resolve: async () => ["8.8.8.8"],
      authorities: [testAuthority],
      ...more,
    }),
  );
}

async function start(options?: Parameters<typeof startWebservice>[0]): Promise<Webservice> {
  return keep(await startWebservice(options));
}

test("http is forwarded by the whole address, over a connection that is kept", async () => {
  const webservice = await start();
  const proxy = await startProxy();
  const egress = egressThrough(proxy);
  for (let call = 0; call < 2; call++) {
    const echo = await textOf(await egress.fetch(request(`http://shop.test:${webservice.port}/echo?a=1`)));
    expect(JSON.parse(echo)).toMatchObject({ url: "/echo?a=1", headers: { host: `shop.test:${webservice.port}` } });
  }
  expect(proxy.requests.map(({ line }) => line)).toEqual(
    Array(2).fill(`GET http://shop.test:${webservice.port}/echo?a=1`),
  );
});

test("https is tunnelled: the proxy learns host and port alone, and the certificate is checked by name", async () => {
  const webservice = await start({ certificate: "trusted", clients: "certified" });
  const proxy = await startProxy();
  const egress = egressThrough(proxy);
  const url = `https://webservice.test:${webservice.port}/echo?secret=1`;
  const response = await egress.fetch(
    request(url, { tls: testClients.client, headers: { authorization: "Bearer secret" } }),
  );
  expect(JSON.parse(await textOf(response))).toMatchObject({ clientName: "client" });
  expect(response.timings.tlsMs).toBeGreaterThan(0);
  expect(proxy.requests.map(({ line }) => line)).toEqual([`CONNECT webservice.test:${webservice.port}`]);
  expect(JSON.stringify(proxy.requests)).not.toContain("secret");

  const other = request(`https://elsewhere.test:${webservice.port}/`, { tls: testClients.client });
  expect((await failure(egress.fetch(other), "TLS_ERROR")).message).toMatch(/another name/);
});

test("sftp is tunnelled: the proxy learns host and port alone, and the server must show the key that is expected", async () => {
  const server = keep(await startSftpServer());
  server.files.set("/out/a.csv", Buffer.from("id\n1\n"));
  const authorization = `Basic ${Buffer.from("ada:p@ss").toString("base64")}`;
  const proxy = await startProxy({ authorization });
  const egress = egressThrough(`http://ada:p%40ss@127.0.0.1:${proxy.port}`);
  const login = (host: string, hostKey = server.fingerprint) => ({
    url: new URL(`sftp://${host}:${server.port}/out/a.csv`),
    ...sftpAccount,
    hostKeys: [hostKey],
    signal: new AbortController().signal,
  });
  const session = await egress.openSftp(login("files.test"));
  const pieces: Uint8Array[] = [];
  for await (const piece of session.read("/out/a.csv", 0)) pieces.push(piece);
  session.close();
  expect(String(Buffer.concat(pieces))).toBe("id\n1\n");
  expect(proxy.requests.map(({ line }) => line)).toEqual([`CONNECT files.test:${server.port}`]);

  server.logins.length = 0;
  await failure(egress.openSftp(login("files.test", `SHA256:${"A".repeat(43)}`)), "HOST_KEY_MISMATCH");
  expect(server.logins).toEqual([]);
  await failure(egress.openSftp(login("10.0.0.1")), "ADDRESS_NOT_ALLOWED");
  expect(proxy.requests).toHaveLength(2);
  const refusing = egressThrough(await startProxy({ answer: "HTTP/1.1 403 Forbidden\r\n\r\n" }));
  const refused = await failure(refusing.openSftp(login("files.test")), "CONNECTION_REFUSED");
  expect(refused.message).toMatch(/it answered 403/);
});

test("credentials of the proxy go to it and to nobody else", async () => {
  const webservice = await start();
  const secure = await start({ certificate: "trusted" });
  const authorization = `Basic ${Buffer.from("ada:p@ss").toString("base64")}`;
  const proxy = await startProxy({ authorization });
  const egress = egressThrough(`http://ada:p%40ss@127.0.0.1:${proxy.port}`);
  const plain = await textOf(await egress.fetch(request(`http://shop.test:${webservice.port}/echo`)));
  const tunnelled = await textOf(await egress.fetch(request(`https://webservice.test:${secure.port}/echo`)));
  expect(proxy.requests.map(({ headers }) => headers["proxy-authorization"])).toEqual([authorization, authorization]);
  expect(plain + tunnelled).not.toMatch(/proxy-authorization/);

  const stranger = egressThrough(`http://ada:wrong@127.0.0.1:${proxy.port}`);
  for (const origin of [`http://shop.test:${webservice.port}`, `https://webservice.test:${secure.port}`]) {
    const error = await failure(stranger.fetch(request(`${origin}/echo`)), "CONNECTION_REFUSED");
    expect(error.message).toMatch(/wants other credentials/);
    expect(error.message + JSON.stringify(error.details)).not.toMatch(/ada|wrong|127\.0\.0\.1/);
  }
});

test("what jobs may not reach is refused before the proxy is asked, redirects too", async () => {
  const webservice = await start();
  const proxy = await startProxy();
  const addresses: Record<string, string[]> = {
    "private.test": ["10.0.0.1"],
    // The proxy might choose the second.
    "mixed.test": ["8.8.8.8", "10.0.0.1"],
  };
  const egress = egressThrough(proxy, {
    resolve: async (name) => addresses[name] ?? ["8.8.8.8"],
    deny: parseEgressRules("denied.test,1.1.1.1,*:25"),
  });
  for (const host of [
    "private.test",
    "mixed.test",
    "denied.test",
    "127.0.0.1",
    "[::1]",
    "1.1.1.1",
    "169.254.169.254",
  ]) {
    for (const scheme of ["http", "https"]) {
      await failure(egress.fetch(request(`${scheme}://${host}:${webservice.port}/`)), "ADDRESS_NOT_ALLOWED");
    }
  }
  await failure(egress.fetch(request("http://shop.test:25/")), "ADDRESS_NOT_ALLOWED");
  expect(proxy.requests).toEqual([]);

  const redirect = `http://shop.test:${webservice.port}/redirect?to=${encodeURIComponent("http://private.test/")}`;
  await failure(egress.fetch(request(redirect)), "ADDRESS_NOT_ALLOWED");
  expect(proxy.requests).toHaveLength(1);
});

test("a name that only the proxy knows is called where it is allowed by name, and not found otherwise", async () => {
  const webservice = await start();
  const proxy = await startProxy();
  const egress = egressThrough(proxy, {
    allow: parseEgressRules("*.known.test"),
    resolve: () => Promise.reject(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" })),
  });
  const response = await egress.fetch(request(`http://shop.known.test:${webservice.port}/status/204`));
  expect(response.status).toBe(204);
  await failure(egress.fetch(request(`http://other.test:${webservice.port}/`)), "HOST_NOT_FOUND");
});

test("what needs no proxy is called directly, and judged as ever", async () => {
  const webservice = await start();
  const proxy = await startProxy();
  const egress = egressThrough(proxy, {
    noProxy: parseEgressRules("*.intern.test,127.0.0.0/8"),
    allow: parseEgressRules("a.intern.test"),
    resolve: async () => ["127.0.0.1"],
  });
  await textOf(await egress.fetch(request(`http://a.intern.test:${webservice.port}/`)));
  await failure(egress.fetch(request(`http://b.intern.test:${webservice.port}/`)), "ADDRESS_NOT_ALLOWED");
  await failure(egress.fetch(request(`http://127.0.0.1:${webservice.port}/`)), "ADDRESS_NOT_ALLOWED");
  expect(proxy.requests).toEqual([]);
});

test.each([
  ["HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "CONNECTION_REFUSED", /it answered 403/],
  ["HTTP/1.1 502 Bad Gateway\r\n\r\n", "CONNECTION_REFUSED", /it answered 502/],
  ["SSH-2.0-OpenSSH_9.2\r\n", "CONNECTION_LOST", /could not be used/],
  ["", "CONNECTION_LOST", /could not be used/],
  [`HTTP/1.1 200 OK\r\nX-Long: ${"x".repeat(100_000)}\r\n\r\n`, "CONNECTION_LOST", /could not be used/],
] as const)("a proxy that answers CONNECT with %j: %s", async (answer, code, message) => {
  const proxy = await startProxy({ answer });
  const error = await failure(egressThrough(proxy).fetch(request("https://webservice.test/")), code);
  expect(error.message).toMatch(message);
  expect(error.message).toContain("webservice.test:443");
});

test("a proxy that does not answer is given up after 15 s, and at an abort", async () => {
  const proxy = await startProxy({ answer: null });
  const egress = egressThrough(proxy);
  const abort = new AbortController();
  const aborted = egress.fetch(request("https://webservice.test/", { signal: abort.signal }));
  await vi.waitUntil(() => proxy.requests.length === 1);
  abort.abort("enough");
  await expect(aborted).rejects.toBe("enough");

  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const lost = failure(egress.fetch(request("https://webservice.test/")), "CONNECTION_LOST");
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await lost).message).toMatch(/within 15 s/);
  } finally {
    vi.useRealTimers();
  }
});

test("a proxy that is not there is named as what is wrong, and its address is not told", async () => {
  const egress = egressThrough("http://127.0.0.1:1");
  for (const url of ["http://shop.test/", "https://shop.test/"]) {
    const error = await failure(egress.fetch(request(url)), "CONNECTION_LOST");
    expect(error.message).toMatch(/The proxy .*ECONNREFUSED.*PUNCTUAL_EGRESS_PROXY/);
    expect(error.message + JSON.stringify(error.details)).not.toContain("127.0.0.1");
  }
});
