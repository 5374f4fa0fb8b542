import { afterAll, beforeAll, expect, test } from "vitest";
import { failure, request, textOf } from "../../test/support/outgoing.ts";
import { startWebservice, type Webservice } from "../../test/support/webservice.ts";
import { parseEgressRules } from "../model/egress-rules.ts";
import type { OutgoingResponse } from "../model/outgoing-request.ts";
import { decodesZstd } from "./decode-body.ts";
import { createEgress, type Egress } from "./egress.ts";

let webservice: Webservice;
let egress: Egress;

beforeAll(async () => {
  webservice = await startWebservice();
  egress = createEgress({ allow: parseEgressRules("127.0.0.0/8") });
});

afterAll(async () => {
  await egress.close();
  await webservice.close();
});

function get(path: string): Promise<OutgoingResponse> {
  return egress.fetch(request(webservice.origin + path));
}

async function drain(response: OutgoingResponse): Promise<number> {
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.byteLength;
  return bytes;
}

test.each(["/huge-header?bytes=1000000", "/many-headers?count=100000", "/huge-header?bytes=70000"])(
  "%s: headers are read up to 64 KiB, and what is wrong is said",
  async (path) => {
    const error = await failure(get(path), "INVALID_RESPONSE");
    expect(error.message).toMatch(/headers .* over 64 KiB/);
  },
);

test("a body that is shorter than its Content-Length has broken off", async () => {
  const error = await failure(get("/wrong-length?is=5&says=9").then(textOf), "CONNECTION_LOST");
  expect(error.message).toMatch(/closed before the answer was complete|another length than its Content-Length/);
});

test("what comes beyond the Content-Length is no part of this answer nor of the next", async () => {
  expect(await textOf(await get("/wrong-length?is=9&says=5"))).toBe("xxxxx");
  expect(await textOf(await get("/type?body=mine"))).toBe("mine");
});

test("lengths that disagree are no answer", async () => {
  const error = await failure(get("/lengths").then(textOf), "CONNECTION_LOST");
  expect(error.message).toMatch(/another length than its Content-Length/);
});

test.each(["/half-closed", "/half-closed?after=head"])("%s: who says that no more comes is believed", async (path) => {
  const error = await failure(get(path).then(textOf), "CONNECTION_LOST");
  expect(error.message).toMatch(/closed before the answer was complete/);
});

test.each(["gzip", "br", "twice"])("a bomb in %s is given up once it is far larger than what came", async (kind) => {
  const error = await failure(get(`/bomb/${kind}?bytes=60000000`).then(drain), "INVALID_RESPONSE");
  expect(error.message).toMatch(/more than 250 times what was sent/);
  expect(error.details?.decodedBytes).toBeLessThan(17 * 1024 * 1024);
});

test("up to 16 MiB any ratio will do", async () => {
  expect(await drain(await get("/bomb/gzip?bytes=16000000"))).toBe(16_000_000);
});

test("zstd is decoded where Node can, and elsewhere neither asked for nor kept undecoded", async () => {
  const asked = JSON.parse(await textOf(await get("/echo"))).headers["accept-encoding"];
  expect(asked.split(", ").includes("zstd")).toBe(decodesZstd);
  const answer = get("/encoded/zstd").then(textOf);
  if (decodesZstd) return expect(await answer).toBe('{"encoded":"zstd"}');
  expect((await failure(answer, "INVALID_RESPONSE")).message).toMatch(/in zstd .* Node\.js 22\.15/);
});
