/** How the texts of settings are read: each function throws an Error that says what to write instead. */
import { isEmailAddress } from "../model/email-address.ts";

/** What a process can do for its node; by default all of it. `PUNCTUAL_ROLES` and `--roles` name them. */
export const nodeRoles = ["api", "scheduler", "worker"] as const;

/** One of the things that a process does: serve the API, run background services, run jobs. */
export type NodeRole = (typeof nodeRoles)[number];

/** Any text. */
export function readText(text: string): string {
  return text;
}

/** A whole number. @throws Error */
export function readInteger(text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`must be a whole number from ${least} to ${most}`);
}

/** One of some words. @throws Error */
export function readOneOf<Word extends string>(text: string, allowed: readonly Word[]): Word {
  const found = allowed.find((word) => word === text);
  if (found !== undefined) return found;
  throw new Error(`must be one of ${allowed.join(", ")}`);
}

function readUrl(text: string, protocols: readonly string[], example: string): URL {
  const url = URL.parse(text);
  if (url && protocols.includes(url.protocol)) return url;
  throw new Error(`must be a URL such as ${example}`);
}

/** A URL of PostgreSQL, also with several hosts. @throws Error */
export function readPostgresUrl(text: string): string {
  // Several hosts, as libpq allows them, are no URL to the WHATWG parser: only the first is looked at here.
  readUrl(text.replace(/,[^/?]*/, ""), ["postgres:", "postgresql:"], "postgres://user:password@host:5432/database");
  return text;
}

/** A URL of HTTP, without slashes at its end. @throws Error */
export function readHttpUrl(text: string): string {
  return readUrl(text, ["http:", "https:"], "https://jobs.example.com").href.replace(/\/+$/, "");
}

/** A URL of an HTTP proxy. @throws Error */
export function readProxyUrl(text: string): string {
  const example = "http://user:password@proxy.example:3128";
  const url = readUrl(text, ["http:"], example);
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new Error(`must be a URL without a path, such as ${example}`);
  }
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    throw new Error("must have a % in its user or password written as %25");
  }
  return url.href;
}

/** A URL of a mail server. @throws Error */
export function readSmtpUrl(text: string): string {
  const url = readUrl(text, ["smtp:", "smtps:"], "smtps://user:password@mail.example.com:465");
  if (url.hostname === "") throw new Error("must name the host of the mail server");
  return text;
}

/** Where mails come from: an address, or `Name <address>`. @throws Error */
export function readMailFrom(text: string): string {
  const [, name = "", bracketed] = /^([^<>"\r\n]*)<([^<>]+)>$/.exec(text) ?? [];
  if (isEmailAddress(bracketed ?? text)) return bracketed === undefined ? text : `${name.trim()} <${bracketed}>`.trim();
  throw new Error("must be an address such as jobs@example.com, or Punctual <jobs@example.com>");
}

/** A path before the addresses of the API. @throws Error */
export function readPrefix(text: string): string {
  if (/^(\/[A-Za-z0-9._~-]+)+$/.test(text)) return text;
  throw new Error("must be a path such as /vue/_api/v1, without a slash at its end");
}

/** The roles of a node. @throws Error */
export function readRoles(text: string): NodeRole[] {
  const names = text.split(",").map((name) => name.trim());
  const chosen = nodeRoles.filter((role) => names.includes(role));
  if (chosen.length > 0 && names.every((name) => chosen.some((role) => role === name))) return chosen;
  throw new Error(`must be a list of ${nodeRoles.join(", ")}`);
}
