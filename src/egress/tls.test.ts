import { afterEach, describe, expect, test } from "vitest";
import { failure, request, textOf } from "../../test/support/outgoing.ts";
import {
  encryptedClientKey,
  startWebservice,
  type TestCertificate,
  testAuthority,
  testClients,
  type Webservice,
} from "../../test/support/webservice.ts";
import { parseEgressRules } from "../model/egress-rules.ts";
import { createEgress, type Egress } from "./egress.ts";

const open: (Webservice | Egress)[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function start(certificate?: TestCertificate, clients?: "certified"): Promise<Webservice> {
  const webservice = await startWebservice({ ...(certificate && { certificate }), ...(clients && { clients }) });
  open.push(webservice);
  return webservice;
}

function egressThatTrusts(authorities: string[]): Egress {
  const egress = createEgress({
    allow: parseEgressRules("127.0.0.0/8"),
    resolve: async () => ["127.0.0.1"],
    authorities,
  });
  open.push(egress);
  return egress;
}

test.each(["webservice.test", "webservice.test.", "127.0.0.1"])("a certificate for %s is accepted", async (host) => {
  const { port } = await start("trusted");
  const response = await egressThatTrusts([testAuthority]).fetch(request(`https://${host}:${port}/echo`));
  expect(response.status).toBe(200);
  expect(response.timings.tlsMs).toBeGreaterThan(0);
  await textOf(response);
});

test.each([
  ["self-signed", "DEPTH_ZERO_SELF_SIGNED_CERT", /self-signed/],
  ["expired", "CERT_HAS_EXPIRED", /has expired/],
  ["wrong-name", "ERR_TLS_CERT_ALTNAME_INVALID", /for another name/],
] as const)("a certificate that is %s is refused with the reason", async (certificate, reason, message) => {
  const { port, calls } = await start(certificate);
  const url = `https://webservice.test:${port}/`;
  const error = await failure(egressThatTrusts([testAuthority]).fetch(request(url)), "TLS_ERROR");
  expect(error.message).toMatch(message);
  expect(error.details).toMatchObject({ host: "webservice.test", port, reason });
  expect(calls()).toBe(0);
});

test("a certificate of an unknown authority is refused", async () => {
  const { port } = await start("trusted");
  const error = await failure(egressThatTrusts([]).fetch(request(`https://webservice.test:${port}/`)), "TLS_ERROR");
  expect(error.message).toMatch(/issuer|authority/);
});

test("https to a port that speaks plain HTTP says so", async () => {
  const { port } = await start();
  const error = await failure(egressThatTrusts([]).fetch(request(`https://127.0.0.1:${port}/`)), "TLS_ERROR");
  expect(error.message).toMatch(/probably plain HTTP/);
});

test("http to a port that speaks TLS says so", async () => {
  const { port } = await start("trusted");
  const error = await egressThatTrusts([])
    .fetch(request(`http://127.0.0.1:${port}/`))
    .then(String, String);
  expect(error).toMatch(/closed before the answer|should begin with https/);
});

test("a body is not redirected from https to http, a request without one is", async () => {
  const secure = await start("trusted");
  const plain = await start();
  const egress = egressThatTrusts([testAuthority]);
  const redirect = `https://127.0.0.1:${secure.port}/redirect?status=307&to=${encodeURIComponent(`${plain.origin}/echo`)}`;

  const error = await failure(egress.fetch(request(redirect, { method: "POST", body: "data" })), "INVALID_RESPONSE");
  expect(error.message).toMatch(/unencrypted/);
  expect(plain.calls()).toBe(0);

  const echo = await textOf(await egress.fetch(request(redirect, { headers: { Authorization: "Bearer secret" } })));
  expect(echo).not.toContain("secret");
});

describe("options of one request", () => {
  const untrusting = (): Egress => egressThatTrusts([]);

  test("its own authority is trusted, in place of the others, and by nobody else", async () => {
    const { port } = await start("trusted");
    const url = `https://webservice.test:${port}/echo`;
    const egress = untrusting();
    const tls = { ca: `# ours\n${testAuthority}` };
    await textOf(await egress.fetch(request(url, { tls })));
    // The connection of the call before is open and idle.
    await failure(egress.fetch(request(url)), "TLS_ERROR");
    await failure(egress.fetch(request(url, { tls: { ca: testClients.client.certificate } })), "TLS_ERROR");
    await textOf(await egress.fetch(request(url, { tls })));
  });

  test("calls that ask for the same share a connection, others never do", async () => {
    const webservice = await start("trusted", "certified");
    const egress = egressThatTrusts([testAuthority]);
    const url = `https://webservice.test:${webservice.port}/echo`;
    const names: unknown[] = [];
    for (const name of ["client", "other-client", "client", "other-client"] as const) {
      names.push(JSON.parse(await textOf(await egress.fetch(request(url, { tls: testClients[name] })))).clientName);
    }
    expect(names).toEqual(["client", "other-client", "client", "other-client"]);
    expect(webservice.connections()).toBe(2);
  });

  test("without the certificate that is asked for nothing is answered", async () => {
    const webservice = await start("trusted", "certified");
    const egress = egressThatTrusts([testAuthority]);
    const url = `https://webservice.test:${webservice.port}/echo`;
    await textOf(await egress.fetch(request(url, { tls: testClients.client })));
    await expect(egress.fetch(request(url))).rejects.toMatchObject({
      code: expect.stringMatching(/^(TLS_ERROR|CONNECTION_LOST)$/),
    });
    expect(webservice.calls()).toBe(1);
  });

  test("a client's certificate stays behind when another origin is redirected to", async () => {
    const first = await start("trusted", "certified");
    const second = await start("trusted", "certified");
    const egress = egressThatTrusts([testAuthority]);
    const to = encodeURIComponent(`https://webservice.test:${second.port}/echo`);
    const url = `https://webservice.test:${first.port}/redirect?to=${to}`;
    await expect(egress.fetch(request(url, { tls: testClients.client }))).rejects.toMatchObject({
      code: expect.stringMatching(/^(TLS_ERROR|CONNECTION_LOST)$/),
    });
    expect([first.calls(), second.calls()]).toEqual([1, 0]);
  });

  test("an encrypted key is opened by its passphrase", async () => {
    const { port } = await start("trusted", "certified");
    const tls = { certificate: testClients.client.certificate, key: encryptedClientKey, passphrase: "sesame" };
    const url = `https://webservice.test:${port}/echo`;
    const response = await egressThatTrusts([testAuthority]).fetch(request(url, { tls }));
    expect(JSON.parse(await textOf(response)).clientName).toBe("client");
  });

  test("the certificate is checked for the name that is asked for", async () => {
    const { port } = await start("wrong-name");
    const egress = egressThatTrusts([testAuthority]);
    const url = `https://webservice.test:${port}/echo`;
    await textOf(await egress.fetch(request(url, { tls: { servername: "somebody-else.test" } })));
    await failure(egress.fetch(request(url)), "TLS_ERROR");
  });

  test("insecure is refused, and nothing sent, unless the operator allows it", async () => {
    const { port, calls, connections } = await start("expired");
    const url = `https://webservice.test:${port}/echo`;
    const error = await failure(untrusting().fetch(request(url, { tls: { insecure: true } })), "INVALID_PARAMS");
    expect(error.message).toMatch(/PUNCTUAL_EGRESS_INSECURE_TLS=allow/);
    expect(connections()).toBe(0);

    const lax = createEgress({
      allow: parseEgressRules("127.0.0.0/8"),
      resolve: async () => ["127.0.0.1"],
      allowInsecureTls: true,
    });
    open.push(lax);
    await textOf(await lax.fetch(request(url, { tls: { insecure: true } })));
    await failure(lax.fetch(request(url)), "TLS_ERROR");
    expect(calls()).toBe(1);
  });

  test.each([
    [{ ca: "nonsense" }, /^tls\.ca is not a certificate in PEM/],
    [{ ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" }, /^tls\.ca is not a certificate/],
    [{ ca: testAuthority.repeat(201) }, /^tls\.ca holds 201 certificates/],
    [{ certificate: testClients.client.certificate }, /^tls\.key is missing/],
    [{ key: testClients.client.key }, /^tls\.certificate is missing/],
    [{ ...testClients.client, certificate: "x" }, /^tls\.certificate is not a certificate/],
    [{ ...testClients.client, key: "x" }, /^tls\.key is not a private key/],
    [{ ...testClients.client, key: testClients["other-client"].key }, /^tls\.key is not the key of tls\.certificate/],
    [{ ...testClients.client, key: encryptedClientKey }, /^tls\.key cannot be decrypted/],
    [{ ...testClients.client, key: encryptedClientKey, passphrase: "wrong" }, /^tls\.key cannot be decrypted/],
  ])("%# is refused before anything is sent, and not repeated", async (tls, message) => {
    const { port, connections } = await start("trusted");
    const url = `https://webservice.test:${port}/echo`;
    const error = await failure(untrusting().fetch(request(url, { tls })), "INVALID_PARAMS");
    expect(error.message).toMatch(message);
    expect(error.message + JSON.stringify(error.details)).not.toMatch(/nonsense|AAAA|wrong|MII|MH/);
    expect(connections()).toBe(0);
  });
});
