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
    for (const secret of secrets.known()) {
      if (isInHost(secret, request.url) && !isWritten(request.url, params)) {
        throw refused(
          secret,
          `The secret ${secret.code} would be part of the host's name, which is looked up in the open; write the host itself into the params.`,
        );
      }
      if (secret.hosts === null || isAmongHosts(secret.hosts, request.url)) continue;
      if (isCarried(secret, request)) {
        throw refused(
          secret,
          `The secret ${secret.code} may be sent to ${secret.hosts.join(", ")} alone; the request to ${request.url.host} would carry it.`,
        );
      }
    }
  };
}

function refused({ code }: SecretValue, message: string): JobError {
  return new JobError("SECRET_NOT_ALLOWED", message, { details: { secretCode: code } });
}

function isInHost({ value }: SecretValue, url: URL): boolean {
  const text = value.trim();
  if (text === "" || text.length > 255) return false;
  const names = [text.toLowerCase(), domainToASCII(text)].filter((name) => name !== "");
  // The port counts as well; a short text is found by accident in every other name.
  if (text.length < shortestHidden) {
    return names.some((name) => url.hostname.split(".").includes(name)) || url.port === text;
  }
  return names.some((name) => url.host.includes(name));
}

function isWritten(url: URL, params: JsonObject): boolean {
  return JSON.stringify(params).toLowerCase().includes(url.host);
}

/** A key proves who we are without leaving: whoever holds it to be bound to hosts means that as well. */
function isCarried({ value }: SecretValue, { url, headers, body, tls = {} }: InspectedRequest): boolean {
  const mask = createSecretMask([value]);
  const texts = [url.href, ...Object.entries(headers).flat(), textOf(body), ...Object.values(tls).map(String)];
  return texts.some((text) => mask.text(text) !== text);
}

function textOf(body: InspectedRequest["body"]): string {
  if (body === null || typeof body === "string") return body ?? "";
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}
