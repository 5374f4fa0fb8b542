/** The rules for params that a JSON Schema cannot say. */
import { unsettableHeaders } from "../contract.ts";
import type { Params } from "./params.ts";

interface Fault {
  /** A JSON Pointer into the params. */
  readonly path: string;
  readonly message: string;
}

/** A reference whose value is put in when the job runs: what the string will be is not known before. */
const placeholder = /\{\{\s*(?:secrets\.[^{}]+|job\.[^{}]+|timestamp|date)\s*\}\}/;

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What may not stand in a field value (RFC 9110, section 5.5): control characters but tab, and what is not one byte. */
const notInHeaderValue = /[^\t\x20-\x7e\x80-\xff]/;

/** Checks params at their creation; a string that holds a placeholder is left for the check at its use. */
export function checkParams(params: Params): Fault[] {
  return check(params, (text) => placeholder.test(text));
}

/** Checks params at the moment of use, when nothing is left to be filled in. */
export function checkFilledParams(params: Params): Fault[] {
  return check(params, () => false);
}

function check(params: Params, isOpen: (text: string) => boolean): Fault[] {
  return [
    ...(isOpen(params.url) ? [] : checkUrl(params.url)),
    ...checkHeaders(params.headers ?? {}, isOpen),
    ...checkBody(params),
    ...checkRanges(params.successStatus ?? []),
  ];
}

function checkUrl(text: string): Fault[] {
  const fault = (message: string): Fault[] => [{ path: "/url", message }];
  if (!URL.canParse(text)) {
    return fault("is not a URL; write it in full, as in https://api.example.com/orders");
  }
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return fault(`begins with ${url.protocol}; only http: and https: addresses can be called`);
  }
  if (url.username !== "" || url.password !== "") {
    return fault("holds credentials; take them out and send them in an Authorization header");
  }
  return [];
}

function checkHeaders(headers: Readonly<Record<string, string>>, isOpen: (text: string) => boolean): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const path = `/headers/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const lower = name.toLowerCase();
    const twin = seen.get(lower);
    seen.set(lower, name);
    if (!token.test(name)) {
      faults.push({
        path,
        message: "is not a header name; use letters, digits and -, without spaces, colons or line breaks",
      });
    } else if (unsettableHeaders.has(lower)) {
      faults.push({ path, message: "is set by the connection itself; leave it out" });
    } else if (twin !== undefined) {
      faults.push({ path, message: `is the same header as ${twin}; keep one of them` });
    }
    if (!isOpen(value) && notInHeaderValue.test(value)) {
      faults.push({
        path,
        message:
          "holds a line break, a control character or one outside Latin-1, which a header cannot carry; take it out or encode it",
      });
    }
  }
  return faults;
}

function checkBody({ method = "GET", body }: Params): Fault[] {
  if (hasNoBody(body) || (method !== "GET" && method !== "HEAD")) return [];
  return [{ path: "/body", message: `cannot be sent with ${method}; set method to POST, or use searchParams` }];
}

/** Whether nothing is to be sent: forms leave empty fields behind as null or "". */
export function hasNoBody(body: unknown): boolean {
  return body === undefined || body === null || body === "";
}

function checkRanges(ranges: readonly (number | string)[]): Fault[] {
  return ranges.flatMap((range, index): Fault[] => {
    const [from, to] = String(range).split("-").map(Number);
    if (from === undefined || to === undefined || from <= to) return [];
    return [{ path: `/successStatus/${index}`, message: `is a range that ends before it begins; write ${to}-${from}` }];
  });
}
