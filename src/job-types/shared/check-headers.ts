/** The rules for headers that are sent. */
import { unsettableHeaders } from "../contract.ts";
import { escapePointer, type Fault, headerValueFault, type IsOpen, isHeaderName, isHeaderValue } from "./fault.ts";

/** What is wrong with `headers`, as pointers into the params. */
export function checkHeaders(headers: Readonly<Record<string, string>>, isOpen: IsOpen): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const path = `/headers/${escapePointer(name)}`;
    const lower = name.toLowerCase();
    const twin = seen.get(lower);
    seen.set(lower, name);
    if (!isHeaderName(name)) {
      faults.push({
        path,
        message: "is not a header name; use letters, digits and -, without spaces, colons or line breaks",
      });
    } else if (unsettableHeaders.has(lower)) {
      faults.push({ path, message: "is set by the connection itself; leave it out" });
    } else if (twin !== undefined) {
      faults.push({ path, message: `is the same header as ${twin}; keep one of them` });
    }
    if (!isOpen(value) && !isHeaderValue(value)) faults.push({ path, message: headerValueFault });
  }
  return faults;
}
