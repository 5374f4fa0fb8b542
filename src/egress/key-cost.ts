/**
 * What a private key would cost: whoever gives one decides how often its passphrase is hashed and how long its numbers are, and both
 * are worked off on the loop that everything runs on.
 */
import { createPrivateKey, type KeyObject } from "node:crypto";

/** Rounds of hashing that open a key, in PBKDF2 or scrypt: about a third of a second. Tools take 2,048 to 600,000. */
const mostRounds = 1_000_000;

/** Bits of an RSA key: a signature with 8,192 takes about a tenth of a second. */
const mostBits = 8_192;

const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----\s([A-Za-z0-9+/=\s]*)-----END ENCRYPTED PRIVATE KEY-----/g;
const integer = 0x02;
const octets = 0x04;
const sequence = 0x30;

/** A key that would take too long, or whose cost cannot be told. The message is the rest of a sentence. */
export class CostlyKeyError extends Error {}

/**
 * Reads a private key whose use is bounded.
 *
 * @throws CostlyKeyError; what Node throws for what is no key, or for another passphrase
 */
export function readPrivateKey(pem: string, passphrase: string | undefined): KeyObject {
  const blocks = [...pem.matchAll(encrypted)];
  if (blocks.length !== pem.split(/BEGIN +ENCRYPTED +PRIVATE/).length - 1) throw unreadable();
  for (const [, text = ""] of blocks) {
    if (roundsOf(Buffer.from(text, "base64")) <= mostRounds) continue;
    throw new CostlyKeyError(
      `hashes its passphrase more than ${mostRounds} times; encrypt it anew with fewer (openssl pkcs8 -topk8 -iter 100000)`,
    );
  }
  const key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
  const { asymmetricKeyType: type = "", asymmetricKeyDetails: details = {} } = key;
  const isCurve = type === "ec" && details.namedCurve !== undefined;
  const isRsa = type.startsWith("rsa") && (details.modulusLength ?? 0) <= mostBits;
  if (isCurve || isRsa || type === "ed25519" || type === "ed448") return key;
  throw new CostlyKeyError(
    `is of a kind that is not used here; give an RSA key of up to ${mostBits} bits, one of a named elliptic curve, Ed25519 or Ed448`,
  );
}

/**
 * The rounds that RFC 8018 (PBES2 with PBKDF2 or scrypt, PBES1) and RFC 7292 name: the numbers behind a salt. With three or more
 * of them they are those of scrypt, whose product counts.
 */
function roundsOf(der: Buffer): number {
  const outer = elementAt(der, 0);
  const algorithm = outer.tag === sequence ? elementAt(outer.content, 0) : outer;
  if (algorithm.tag !== sequence) throw unreadable();
  let most = 0;
  function look(content: Buffer, depth: number): void {
    if (depth > 8) throw unreadable();
    const parts = elementsOf(content);
    const salt = parts.findIndex(({ tag }) => tag === octets);
    const numbers = parts.slice(salt + 1).filter(({ tag }) => tag === integer);
    const counts = numbers.map(({ content: digits }) => Number(`0x${digits.toString("hex") || "0"}`));
    const rounds =
      counts.length >= 3 ? counts.slice(0, 3).reduce((product, one) => product * one, 1) : (counts[0] ?? 0);
    if (salt >= 0) most = Math.max(most, rounds);
    for (const { tag, content: inner } of parts) if (tag === sequence) look(inner, depth + 1);
  }
  look(algorithm.content, 1);
  return most;
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly end: number;
}

function elementsOf(content: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const element = elementAt(content, at);
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** One element of DER (ITU-T X.690, section 8.1); the lengths of BER that have no end are refused. */
function elementAt(bytes: Buffer, at: number): Element {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw unreadable();
  const more = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || more > 4 || at + 2 + more > bytes.length) throw unreadable();
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
  const start = at + 2 + more;
  if (start + length > bytes.length) throw unreadable();
  return { tag, content: bytes.subarray(start, start + length), end: start + length };
}

function unreadable(): CostlyKeyError {
  return new CostlyKeyError("is encrypted in a way that cannot be read; encrypt it anew (openssl pkcs8 -topk8)");
}
