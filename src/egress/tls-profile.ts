/** How a request does TLS: what it trusts, and as whom it shows itself. */
import { createHash, X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { LRUCache } from "lru-cache";
import { JobError } from "../model/job-errors.ts";
import type { OutgoingTls } from "../model/outgoing-request.ts";
import { codeOf } from "./egress-errors.ts";
import { CostlyKeyError, readPrivateKey } from "./key-cost.ts";

/** A context takes some hundred kilobytes, and less than a millisecond to make. */
const mostContexts = 100;

/** Certificates in one `ca`: bundles of companies hold a few; each is parsed on the loop that everything runs on. */
const mostAuthorities = 200;

/** What a connection is made with. Requests share connections only where their profiles have the same key. */
export interface TlsProfile {
  /** Says nothing about what it was made of; empty for a request that asks for nothing special. */
  readonly key: string;
  /** In place of the URL's host, in the handshake and in the check of the certificate. */
  readonly serverName: string | null;
  readonly insecure: boolean;
  readonly context: SecureContext;
}

/** What the operator says about TLS. */
export interface TlsRules {
  /** Authorities that are trusted besides the well-known ones; PEM. */
  readonly authorities?: readonly string[] | undefined;
  readonly allowInsecure: boolean;
}

/**
 * Makes profiles.
 *
 * What it returns throws JobError INVALID_PARAMS where certificates and key are not what they should be, and for what the
 * operator does not allow.
 */
export function createTlsProfiles({ authorities, allowInsecure }: TlsRules): (tls?: OutgoingTls) => TlsProfile {
  const wellKnown = createSecureContext(authorities ? { ca: [...rootCertificates, ...authorities] } : {});
  const plain: TlsProfile = { key: "", serverName: null, insecure: false, context: wellKnown };
  const contexts = new LRUCache<string, SecureContext>({ max: mostContexts });
  // The keys of all customers lie in the memory of the node; a key of the pool must not let one be guessed.
  const salt = crypto.randomUUID();

  function contextOf(hash: string, tls: OutgoingTls): SecureContext {
    const known = contexts.get(hash);
    if (known) return known;
    const context = createContext(tls, authorities && [...rootCertificates, ...authorities]);
    contexts.set(hash, context);
    return context;
  }

  return function profileOf(tls) {
    if (!tls) return plain;
    const { ca, certificate, key, passphrase, servername, insecure = false } = tls;
    if (insecure && !allowInsecure) {
      throw new JobError(
        "INVALID_PARAMS",
        "tls.insecure is true, and this node's operator does not allow calls to unchecked webservices. Give the webservice's own authority as tls.ca, or have the operator set PUNCTUAL_EGRESS_INSECURE_TLS=allow.",
      );
    }
    const made = [ca, certificate, key, passphrase];
    const isPlain = made.every((one) => one === undefined);
    const hash = createHash("sha256")
      .update(JSON.stringify([salt, ...made.map((one) => one ?? null)]))
      .digest("base64");
    return {
      key: `${hash} ${servername ?? ""} ${insecure}`,
      serverName: servername ?? null,
      insecure,
      context: isPlain ? wellKnown : contextOf(hash, tls),
    };
  };
}

/** @param wellKnown `undefined` has Node use its own, which all contexts share */
function createContext(
  { ca, certificate, key, passphrase }: OutgoingTls,
  wellKnown: string[] | undefined,
): SecureContext {
  const authorities = ca === undefined ? wellKnown : readAuthorities(ca);
  if ((certificate === undefined) !== (key === undefined)) {
    throw unusable(
      certificate === undefined ? "certificate" : "key",
      "is missing: a client's certificate and its key go together",
    );
  }
  if (certificate !== undefined) readCertificate("certificate", certificate);
  try {
    return createSecureContext({
      ...(authorities && { ca: authorities }),
      ...(certificate !== undefined && { cert: certificate }),
      // Opened once, and bounded before.
      ...(key !== undefined && { key: readPrivateKey(key, passphrase).export({ type: "pkcs8", format: "pem" }) }),
    });
  } catch (error) {
    throw unusable("key", error instanceof CostlyKeyError ? error.message : keyFault(codeOf(error)), error);
  }
}

function keyFault(code: string): string {
  if (code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH") return "is not the key of tls.certificate";
  if (/BAD_DECRYPT|BAD_PASSWORD|PASSPHRASE|INTERRUPTED|CANCELLED/.test(code)) {
    return "cannot be decrypted; give its passphrase as tls.passphrase";
  }
  return `is not a private key in PEM (${code}); it begins with -----BEGIN PRIVATE KEY----- or the like, lines and all`;
}

const block = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*-----END (?:TRUSTED )?CERTIFICATE-----/g;

function readAuthorities(text: string): string[] {
  const blocks = text.match(block) ?? [];
  if (blocks.length === 0) throw notPem("ca");
  if (blocks.length > mostAuthorities) {
    throw unusable("ca", `holds ${blocks.length} certificates; give at most ${mostAuthorities}`);
  }
  for (const one of blocks) readCertificate("ca", one);
  return blocks;
}

function readCertificate(name: string, pem: string): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw notPem(name, error);
  }
}

function notPem(name: string, cause?: unknown): JobError {
  return unusable(
    name,
    "is not a certificate in PEM; it begins with -----BEGIN CERTIFICATE-----, lines and all",
    cause,
  );
}

/** The value itself may be a secret, and is not repeated. */
function unusable(name: string, fault: string, cause?: unknown): JobError {
  return new JobError("INVALID_PARAMS", `tls.${name} ${fault}.`, {
    details: { errors: [{ path: `/tls/${name}`, message: fault }] },
    cause,
  });
}
