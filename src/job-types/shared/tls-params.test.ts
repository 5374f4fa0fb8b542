import { afterAll, beforeAll, expect, test } from "vitest";
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
});

test.each<[TlsParams, string]>([
  [{ certificate: "{{secrets.A}}" }, "/tls/key"],
  [{ key: "{{secrets.A}}" }, "/tls/certificate"],
  [{ passphrase: "{{secrets.A}}" }, "/tls/passphrase"],
  [{ servername: "https://a.test" }, "/tls/servername"],
])("%j is refused at %s", (tls, path) => {
  expect(checkParams({ url: "https://a.test/", tls }).map((fault) => fault.path)).toEqual([path]);
});
