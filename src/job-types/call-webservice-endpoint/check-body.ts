/** The rules for `body` that depend on `bodyType`. */

import { escapePointer, type Fault, type IsOpen, isBase64 } from "../shared/fault.ts";
import { hasNoBody, isScalar } from "./body.ts";
import type { Params } from "./params.ts";

/** What is wrong with the body for its `bodyType`, as pointers into the params. */
export function checkBody({ method = "GET", body, bodyType }: Params, isOpen: IsOpen): Fault[] {
  if (hasNoBody(body)) return [];
  if (method === "GET" || method === "HEAD") {
    return [{ path: "/body", message: `cannot be sent with ${method}; set method to POST, or use searchParams` }];
  }
  switch (bodyType) {
    case "text":
      return typeof body === "string" ? [] : [{ path: "/body", message: "must be text, as bodyType says" }];
    case "base64":
      return isBase64(body) || (typeof body === "string" && isOpen(body))
        ? []
        : [{ path: "/body", message: "must be base64, as bodyType says" }];
    case "form":
    case "multipart":
      return checkFields(body, bodyType, isOpen);
    default:
      return [];
  }
}

function checkFields(body: unknown, bodyType: "form" | "multipart", isOpen: IsOpen): Fault[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return [{ path: "/body", message: `must be an object of fields, as bodyType "${bodyType}" says` }];
  }
  return Object.entries(body).flatMap(([name, value]: [string, unknown]) => {
    const path = `/body/${escapePointer(name)}`;
    const items: unknown[] = Array.isArray(value) ? value : [value];
    return items.flatMap((item, index) => {
      const at = Array.isArray(value) ? `${path}/${index}` : path;
      if (isScalar(item)) return [];
      if (bodyType === "multipart" && typeof item === "object" && item !== null) return checkFile(item, at, isOpen);
      const or = bodyType === "multipart" ? ", a file, or a list of these" : ", or a list of these";
      return [{ path: at, message: `must be text, a number, true or false${or}` }];
    });
  });
}

const fileFields: ReadonlySet<string> = new Set(["filename", "contentType", "content", "contentBase64"]);

/** What a media type may hold (RFC 9110, section 8.3.1); its writer checks nothing. */
const mediaType = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+\/[\x20-\x7e]+$/;

function checkFile(file: object, path: string, isOpen: IsOpen): Fault[] {
  const entries = Object.entries(file);
  const unknown = entries.find(([name]) => !fileFields.has(name));
  if (unknown)
    return [
      { path: `${path}/${escapePointer(unknown[0])}`, message: "is not known here; remove it or correct its name" },
    ];
  const wrong = entries.find(([, value]) => typeof value !== "string");
  if (wrong) return [{ path: `${path}/${wrong[0]}`, message: "must be text" }];
  const fields = new Map<string, string>(entries);
  if ((fields.get("filename") ?? "") === "") return [{ path: `${path}/filename`, message: "is missing" }];
  if (fields.has("content") === fields.has("contentBase64")) {
    return [{ path, message: "needs one of content and contentBase64" }];
  }
  const encoded = fields.get("contentBase64") ?? "";
  if (!isOpen(encoded) && !isBase64(encoded)) return [{ path: `${path}/contentBase64`, message: "must be base64" }];
  const type = fields.get("contentType");
  if (type === undefined || isOpen(type) || mediaType.test(type)) return [];
  return [{ path: `${path}/contentType`, message: "is not a media type; write it as in text/csv" }];
}
