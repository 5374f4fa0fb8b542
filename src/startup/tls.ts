/** The certificate and key that a node serves HTTPS with. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Config } from "../config/settings.ts";
import { StartError } from "../model/start-error.ts";

/** PEM, as it was read. */
export interface Tls {
  readonly cert: string;
  readonly key: string;
}

/**
 * What HTTPS needs, or null for plain HTTP.
 *
 * @throws StartError where a file is missing, is no certificate or key, or the two do not belong together
 */
export async function readTls({ tlsCert, tlsKey }: Config): Promise<Tls | null> {
  if (tlsCert === null || tlsKey === null) return null;
  const [cert, key] = await Promise.all([read("PUNCTUAL_TLS_CERT", tlsCert), read("PUNCTUAL_TLS_KEY", tlsKey)]);
  const certificate = parse("PUNCTUAL_TLS_CERT", tlsCert, "a certificate", () => new X509Certificate(cert));
  const privateKey = parse("PUNCTUAL_TLS_KEY", tlsKey, "a private key without a passphrase", () =>
    createPrivateKey(key),
  );
  if (certificate.checkPrivateKey(privateKey)) return { cert, key };
  throw new StartError(
    `PUNCTUAL_TLS_KEY (${tlsKey}) is not the key of the first certificate in PUNCTUAL_TLS_CERT (${tlsCert}): name a pair that belongs together.`,
  );
}

async function read(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new StartError(
      `${setting} names ${file}, which cannot be read (${reasonOf(cause)}): correct the path, or let the node's user read it.`,
      cause,
    );
  }
}

function parse<Value>(setting: string, file: string, kind: string, make: () => Value): Value {
  try {
    return make();
  } catch (cause) {
    throw new StartError(`${setting} names ${file}, which is not ${kind} in PEM (${reasonOf(cause)}).`, cause);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
