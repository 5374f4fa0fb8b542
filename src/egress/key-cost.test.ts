import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { encryptedClientKey, testClients } from "../../test/support/webservice.ts";
import { CostlyKeyError, readPrivateKey } from "./key-cost.ts";

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
const sequence = (...contents: readonly Buffer[]) => der(0x30, ...contents);
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const integer = (hex: string) => der(0x02, Buffer.from(hex, "hex"));
const salt = der(0x04, Buffer.alloc(8, 1));
const aes = sequence(oid("60864801650304012a"), der(0x04, Buffer.alloc(16, 1)));
const pbkdf2 = (rounds: string) =>
  sequence(oid("2a864886f70d01050c"), sequence(salt, integer(rounds), sequence(oid("2a864886f70d0209"), der(0x05))));
const scrypt = (n: string, r: string, p: string) =>
  sequence(oid("2b06010401da47040b"), sequence(salt, integer(n), integer(r), integer(p)));
const pbes2 = (how: Buffer) => sequence(oid("2a864886f70d01050d"), sequence(how, aes));

function pem(algorithm: Buffer): string {
  const bytes = sequence(algorithm, der(0x04, Buffer.alloc(64, 1)));
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${bytes.toString("base64")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

describe("a key whose passphrase takes too long to hash is refused", () => {
  test.each([
    ["PBKDF2", pbes2(pbkdf2("77359400"))],
    ["PBKDF2 with a number that has no end", pbes2(pbkdf2("7f".repeat(100)))],
    ["scrypt", pbes2(scrypt("4000", "08", "4000"))],
    ["an older kind", sequence(oid("2a864886f70d010c0103"), sequence(salt, integer("77359400")))],
  ])("%s", (_kind, algorithm) => {
    expect(() => readPrivateKey(pem(algorithm), "x")).toThrow(/hashes its passphrase more than 1000000 times/);
    expect(() => readPrivateKey(testClients.client.key + pem(algorithm), "x")).toThrow(CostlyKeyError);
  });

  test("also where its bytes are written so that another reader may read them otherwise", () => {
    const endless = Buffer.concat([Buffer.from([0x30, 0x80]), pbes2(pbkdf2("77359400")), Buffer.from([0, 0])]);
    expect(() => readPrivateKey(pem(endless), "x")).toThrow(CostlyKeyError);
    const text = pem(pbes2(pbkdf2("77359400")));
    expect(() => readPrivateKey(text.replace("KEY-----\n", "KEY-----\nProc-Type: 4\n"), "x")).toThrow(CostlyKeyError);
    expect(() => readPrivateKey(text.replace("KEY-----\n", "KEY----- \n"), "x")).toThrow(CostlyKeyError);
  });
});

test("usual keys are read", () => {
  expect(readPrivateKey(encryptedClientKey, "sesame").type).toBe("private");
  expect(() => readPrivateKey(encryptedClientKey, "wrong")).toThrow(/decrypt/i);
  const cipher = { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" } as const;
  const publicKeyEncoding = { type: "spki", format: "pem" } as const;
  const made = [
    generateKeyPairSync("ec", { namedCurve: "P-256", publicKeyEncoding, privateKeyEncoding: cipher }),
    generateKeyPairSync("ed25519", { publicKeyEncoding, privateKeyEncoding: cipher }),
  ];
  for (const { privateKey } of made) expect(readPrivateKey(privateKey, "x").type).toBe("private");
});

test("a key whose numbers are too long to sign with is refused", () => {
  const number = (bytes: number) => Buffer.concat([Buffer.from([0xff]), randomBytes(bytes - 2), Buffer.from([1])]);
  const long = number(2_048).toString("base64url");
  const half = number(1_024).toString("base64url");
  const key = { kty: "RSA", n: long, e: "AQAB", d: long, p: half, q: half, dp: half, dq: half, qi: half };
  const text = createPrivateKey({ key, format: "jwk" }).export({ type: "pkcs8", format: "pem" }).toString();
  expect(() => readPrivateKey(text, undefined)).toThrow(/RSA key of up to 8192 bits/);
});
