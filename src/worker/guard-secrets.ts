/** Where the secrets of a run may go. */
import { domainToASCII } from "node:url";
import type { JsonObject } from "../model/job.ts";
import { JobError } from "../model/job-errors.ts";
import { createSecretMask } from "../model/mask-secrets.ts";
import type { InspectedRequest, InspectRequest } from "../model/outgoing-request.ts";
import type { SecretValue } from "../model/secret.ts";
import { shortestHidden } from "../model/secret-forms.ts";
import { isAmongHosts } from "../model/secret-hosts.ts";
import type { RunSecrets } from "./run-secrets.ts";

/**
 * Judges each request of a run before it goes out, those of redirects among them.
 *
 * Refused is one that would carry a bound secret, in whichever form it is recognised, to a host that it is not bound to; and one whose
 * host holds a secret: a name is looked up in the open, and shows in whatever tells of the request.
 *
 * @param params as they were given: a host that is written there is no secret
 */
export function createSecretGuard(secrets: RunSecrets, params: JsonObject): InspectRequest {
  return (request) => {
    const known = secrets.known();
    if (known.length === 0) return;
    const { url, tls } = request;
    const names = [
      url,
      ...(tls?.servername === undefined ? [] : [{ host: tls.servername, hostname: tls.servername, port: "" }]),
    ];
    for (const secret of known) {
      if (!names.some((name) => isInHost(secret, name) && !isWritten(name.host, params))) continue;
      throw refused(
        secret,
        `The secret ${secret.code} would be part of the host's name, which is looked up and sent in the open; write the host itself into the params.`,
      );
    }
    const away = known.filter(({ hosts }) => hosts !== null && !isAmongHosts(hosts, url));
    const carried = away.length === 0 ? undefined : findCarried(away, textsOf(request));
    if (!carried) return;
    throw refused(
      carried,
      `The secret ${carried.code} may be sent to ${carried.hosts?.join(", ")} alone; the request to ${url.host} would carry it.`,
    );
  };
}

function refused({ code }: SecretValue, message: string): JobError {
  return new JobError("SECRET_NOT_ALLOWED", message, { details: { secretCode: code } });
}

function isInHost({ value }: SecretValue, url: Pick<URL, "host" | "hostname" | "port">): boolean {
  const text = value.trim();
  if (text === "" || text.length > 255) return false;
  const names = [text.toLowerCase(), domainToASCII(text)].filter((name) => name !== "");
  const host = url.host.toLowerCase();
  // The port counts as well; a short text is found by accident in every other name.
  if (text.length < shortestHidden) {
    return names.some((name) => url.hostname.toLowerCase().split(".").includes(name)) || url.port === text;
  }
  return names.some((name) => host.includes(name));
}

function isWritten(host: string, params: JsonObject): boolean {
  return JSON.stringify(params).toLowerCase().includes(host.toLowerCase());
}

/** One of the secrets that the texts hold. All are looked for at once, because each look goes through megabytes. */
function findCarried(secrets: readonly SecretValue[], texts: readonly string[]): SecretValue | undefined {
  const mask = createSecretMask(secrets.map(({ value }) => value));
  if (texts.every((text) => mask.text(text) === text)) return undefined;
  if (secrets.length <= 1) return secrets[0];
  const half = Math.ceil(secrets.length / 2);
  return findCarried(secrets.slice(0, half), texts) ?? findCarried(secrets.slice(half), texts);
}

/** A key proves who we are without leaving: whoever holds it to be bound to hosts means that as well. */
function textsOf({ url, headers, body, tls = {}, signedWith = "" }: InspectedRequest): string[] {
  const unsent = [...Object.values(tls).map(String), signedWith];
  return [url.href, ...Object.entries(headers).flat(), ...bodyTexts(body), ...unsent];
}

/** Bytes may be what a value stands for in base64: written so again, from each place where three of them may begin, it shows. */
function bodyTexts(body: InspectedRequest["body"]): string[] {
  if (body === null || typeof body === "string") return [body ?? ""];
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return [bytes.toString(), ...[0, 1, 2].map((before) => bytes.subarray(before).toString("base64"))];
}
