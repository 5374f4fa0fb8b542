import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failure } from "../../../test/support/outgoing.ts";
import { startWebservice, testAuthority, testClients, type Webservice } from "../../../test/support/webservice.ts";
import { type Caller, startCaller } from "../../../test/support/webservice-caller.ts";
import { checkParams } from "../call-webservice-endpoint/check-params.ts";
import type { TlsParams } from "./tls-params.ts";

let webservice: Webservice;
let caller: Caller;

beforeAll(async () => {
  webservice = await startWebservice({ certificate: "trusted", clients: "certified" });
  caller = startCaller("127.0.0.0/8");
});
afterAll(async () => {
  await caller.close();
  await webservice.close();
});

test("a call trusts its own authority and shows its own certificate", async () => {
  const tls = { ca: testAuthority, ...testClients.client };
  const { body } = await caller.run({ url: `${webservice.origin}/echo`, tls });
  expect(body).toMatchObject({ clientName: "client" });
});

test("what is wrong shows before anything is sent, without the key", async () => {
  const before = webservice.connections();
  const tls = { ...testClients.client, key: testClients["other-client"].key };
  const error = await failure(caller.run({ url: webservice.origin, tls }), "INVALID_PARAMS");
  expect(error.message).toBe("tls.key is not the key of tls.certificate.");
  await failure(caller.run({ url: webservice.origin, tls: { insecure: true } }), "INVALID_PARAMS");
  expect(webservice.connections()).toBe(before);
  expect(JSON.stringify(error.details)).not.toContain("PRIVATE KEY");
});

test("a failure shows no key", async () => {
  const error = await failure(caller.run({ url: webservice.origin, tls: { ...testClients.client } }), "TLS_ERROR");
  expect(JSON.stringify(error.details)).not.toMatch(/PRIVATE KEY|BEGIN/);
  expect(error.details).toMatchObject({
    request: { curl: expect.stringContaining("--cert certificate.pem --key key.pem") },
  });
});

test.each<[TlsParams, string]>([
  [{ certificate: "{{secrets.A}}" }, "/tls/key"],
  [{ key: "{{secrets.A}}" }, "/tls/certificate"],
  [{ passphrase: "{{secrets.A}}" }, "/tls/passphrase"],
  [{ servername: "https://a.test" }, "/tls/servername"],
])("%j is refused at %s", (tls, path) => {
  expect(checkParams({ url: "https://a.test/", tls }).map((fault) => fault.path)).toEqual([path]);
});

describe("a token URL", () => {
  const own = { ca: testAuthority, ...testClients.client };
  const auth = { type: "oauth2ClientCredentials", clientId: "a", clientSecret: "b" } as const;
  /** What it answers is no token: that it answers at all is what counts. */
  const reason = async (params: object) => {
    const error = await failure(caller.run({ url: `${webservice.origin}/echo`, ...params }), "TOKEN_REQUEST_FAILED");
    return error.details?.reason;
  };

  test("of the call's origin is asked with the call's TLS", async () => {
    const tokenUrl = `${webservice.origin}/type?is=application/json&body=${encodeURIComponent('{"access_token":"t"}')}`;
    const { body } = await caller.run({ url: `${webservice.origin}/echo`, tls: own, auth: { ...auth, tokenUrl } });
    expect(body).toMatchObject({ clientName: "client", headers: { authorization: "Bearer t" } });
    expect(await reason({ auth: { ...auth, tokenUrl } })).toBe("TLS_ERROR");
  });

  test("of another origin is asked with that of auth alone, and a token is kept for these very certificates", async () => {
    const login = await startWebservice({ certificate: "trusted", clients: "certified" });
    const tokenUrl = `${login.origin}/echo`;
    expect(await reason({ tls: own, auth: { ...auth, tokenUrl } })).toBe("TLS_ERROR");
    expect(login.calls()).toBe(0);
    expect(await reason({ auth: { ...auth, tokenUrl, tls: own } })).toBe("NO_TOKEN");
    expect(login.requests.map(({ clientName }) => clientName)).toEqual(["client"]);
    const token = `${login.origin}/type?is=application/json&body=${encodeURIComponent('{"access_token":"t"}')}`;
    const asked = () => login.calls("/type");
    await caller.run({ url: `${webservice.origin}/echo`, tls: own, auth: { ...auth, tokenUrl: token, tls: own } });
    await caller.run({ url: `${webservice.origin}/echo`, tls: own, auth: { ...auth, tokenUrl: token, tls: own } });
    expect(asked()).toBe(1);
    const other = { ...auth, tokenUrl: token, tls: { ca: testAuthority } };
    // A server may refuse whoever shows no certificate within the handshake (TLS 1.2), or after it (TLS 1.3).
    expect(await reason({ tls: own, auth: other })).toMatch(/^(TLS_ERROR|CONNECTION_LOST)$/);
    expect(asked()).toBe(1);
    await login.close();
  });

  test("has its TLS checked like the call's", () => {
    const params = { url: "https://a.test/", auth: { ...auth, tokenUrl: "https://b.test/", tls: { key: "k" } } };
    expect(checkParams(params).map((fault) => fault.path)).toEqual(["/auth/tls/certificate"]);
  });
});
