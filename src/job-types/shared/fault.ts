/** What the checks of params share. */

/** One fault in the params. */
export interface Fault {
  /** A JSON Pointer into the params. */
  readonly path: string;
  readonly message: string;
}

/** Whether a text holds a reference whose value is put in when the job runs: what it will be is not known before. */
export type IsOpen = (text: string) => boolean;

/** RFC 6901, section 3. */
export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What may not stand in a field value (RFC 9110, section 5.5): control characters but tab, and what is not one byte. */
const notInHeaderValue = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether a header may have this name. */
export function isHeaderName(name: string): boolean {
  return token.test(name);
}

/** Whether a header can carry this value. */
export function isHeaderValue(value: string): boolean {
  return !notInHeaderValue.test(value);
}

/** What is said of a value that {@link isHeaderValue} refuses. */
export const headerValueFault =
  "holds a line break, a control character or one outside Latin-1, which a header cannot carry; take it out or encode it";

/** Base64, also without padding, and with line breaks as tools print it. */
export function isBase64(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const digits = value.replaceAll(/\s/g, "");
  return /^[A-Za-z0-9+/]*={0,2}$/.test(digits) && digits.replaceAll("=", "").length % 4 !== 1;
}
