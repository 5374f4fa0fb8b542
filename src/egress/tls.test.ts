import { afterEach, expect, test } from "vitest";
import { failure, request, textOf } from "../../test/support/outgoing.ts";
import {
  startWebservice,
  type TestCertificate,
  testAuthority,
  type Webservice,
} from "../../test/support/webservice.ts";
import { parseEgressAllow } from "../model/egress-allow.ts";
import { createEgress, type Egress } from "./egress.ts";

const open: (Webservice | Egress)[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function start(certificate?: TestCertificate): Promise<Webservice> {
  const webservice = await startWebservice(certificate ? { certificate } : {});
  open.push(webservice);
  return webservice;
}

function egressThatTrusts(authorities: string[]): Egress {
  const egress = createEgress({
    allow: parseEgressAllow("127.0.0.0/8"),
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
