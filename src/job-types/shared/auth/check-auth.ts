/** The rules for `auth` that a JSON Schema cannot say. */
import { unsettableHeaders } from "../../contract.ts";
import { checkUrl } from "../check-url.ts";
import {
  escapePointer,
  type Fault,
  headerValueFault,
  type IsOpen,
  isBase64,
  isHeaderName,
  isHeaderValue,
} from "../fault.ts";
import { checkTls } from "../tls-params.ts";
import type { AuthParams, HmacParams, OAuth2Params } from "./auth-params.ts";

/** What is wrong with `auth`, as pointers into the params. */
export function checkAuth(auth: AuthParams, headers: Readonly<Record<string, string>>, isOpen: IsOpen): Fault[] {
  const faults = checkByType(auth, isOpen);
  const taken = new Map(authHeaders(auth).map((name) => [name.toLowerCase(), name]));
  for (const name of Object.keys(headers)) {
    if (!taken.has(name.toLowerCase())) continue;
    faults.push({ path: `/headers/${escapePointer(name)}`, message: "is set by auth; keep one of them" });
  }
  return faults;
}

/** The names of the headers that this kind of auth sets. */
function authHeaders(auth: AuthParams): string[] {
  switch (auth.type) {
    case "basic":
    case "bearer":
    case "oauth2ClientCredentials":
      return ["authorization"];
    case "apiKey":
      return auth.in === "query" ? [] : [auth.name];
    case "hmac":
      return auth.timestampHeader === undefined ? [auth.header] : [auth.header, auth.timestampHeader];
  }
}

function checkByType(auth: AuthParams, isOpen: IsOpen): Fault[] {
  switch (auth.type) {
    case "basic":
      // RFC 7617, section 2: whoever reads it could not tell where the name ends.
      if (!auth.username.includes(":") || isOpen(auth.username)) return [];
      return [{ path: "/auth/username", message: "holds a colon, which basic authentication cannot carry" }];
    case "bearer":
      return checkValue(auth.token, "/auth/token", isOpen);
    case "apiKey":
      if (auth.in === "query") return [];
      return [...checkName(auth.name, "/auth/name", isOpen), ...checkValue(auth.value, "/auth/value", isOpen)];
    case "oauth2ClientCredentials":
      return checkOAuth2(auth, isOpen);
    case "hmac":
      return checkHmac(auth, isOpen);
  }
}

/** What the request for a token holds anyhow. */
const ownParams: ReadonlySet<string> = new Set(["grant_type", "client_id", "client_secret", "scope", "audience"]);

function checkOAuth2({ tokenUrl, extraParams = {}, tls }: OAuth2Params, isOpen: IsOpen): Fault[] {
  const own = Object.keys(extraParams).filter((name) => ownParams.has(name));
  return [
    ...checkUrl(tokenUrl, "/auth/tokenUrl", isOpen),
    ...own.map((name) => ({
      path: `/auth/extraParams/${name}`,
      message: "is sent anyhow; use the field of auth that is meant for it",
    })),
    ...(tls === undefined ? [] : checkTls(tls, isOpen)).map(({ path, message }) => ({ path: `/auth${path}`, message })),
  ];
}

function checkHmac(auth: HmacParams, isOpen: IsOpen): Fault[] {
  const { header, timestampHeader, prefix, secret, secretEncoding = "text" } = auth;
  const faults = checkName(header, "/auth/header", isOpen);
  if (timestampHeader !== undefined) faults.push(...checkName(timestampHeader, "/auth/timestampHeader", isOpen));
  if (prefix !== undefined) faults.push(...checkValue(prefix, "/auth/prefix", isOpen));
  if (timestampHeader?.toLowerCase() === header.toLowerCase()) {
    faults.push({ path: "/auth/timestampHeader", message: "is the header of the signature; give it another name" });
  }
  const written =
    secretEncoding === "base64" ? isBase64(secret) : secretEncoding === "hex" ? /^([0-9a-f]{2})*$/i.test(secret) : true;
  if (!written && !isOpen(secret)) {
    faults.push({ path: "/auth/secret", message: `is not ${secretEncoding}, as secretEncoding says` });
  }
  return faults;
}

function checkName(name: string, path: string, isOpen: IsOpen): Fault[] {
  if (isOpen(name)) return [];
  if (!isHeaderName(name)) {
    return [
      { path, message: "is not a header name; use letters, digits and -, without spaces, colons or line breaks" },
    ];
  }
  if (!unsettableHeaders.has(name.toLowerCase())) return [];
  return [{ path, message: "is set by the connection itself; use another header" }];
}

function checkValue(value: string, path: string, isOpen: IsOpen): Fault[] {
  return isOpen(value) || isHeaderValue(value) ? [] : [{ path, message: headerValueFault }];
}
