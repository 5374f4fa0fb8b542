/** Names of files in buckets: what they may be, and how a pattern picks some. */

/** Bytes of UTF-8. */
const longestName = 255;

/**
 * What is wrong with a name; undefined where it is one. It is 1–255 bytes of UTF-8, holds no slash, backslash or control
 * character, is not made of dots alone, and neither begins nor ends with a space: such names would surprise whoever stores the file elsewhere.
 */
export function faultOfFileName(name: string): string | undefined {
  if (name === "") return "must not be empty";
  if (!name.isWellFormed()) return "must be well-formed Unicode";
  if (Buffer.byteLength(name) > longestName) return `must be at most ${longestName} bytes long`;
  if (/[/\\]/.test(name)) return "must not hold a slash or a backslash";
  if (/\p{Cc}/u.test(name)) return "must not hold control characters";
  if (/^\.+$/.test(name)) return "must not be made of dots alone";
  if (name.trim() !== name) return "must not begin or end with a space";
  return undefined;
}

/** The pattern of names as a schema has it; {@link faultOfFileName} says what is wrong. */
export const longestFilePattern = 255;

/**
 * A glob as a pattern of SQL's LIKE, with backslash as escape: `*` is any text, `?` one character, all else is itself.
 *
 * Runs of stars become one, so that a pattern costs no more than its length times that of the name.
 */
export function likeOfGlob(glob: string): string {
  return likeOfName(glob).replace(/\*+/g, "%").replaceAll("?", "_");
}

/** A name as a pattern of SQL's LIKE that fits nothing else. */
export function likeOfName(name: string): string {
  return name.replace(/[\\%_]/g, "\\$&");
}

/** `Content-Disposition` of a download (RFC 6266): a name that every client can read, and the true one. */
export function attachmentOf(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const exact = encodeURIComponent(filename).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** Whether a file is one of errors that a job has written. */
export function isErrorsName(filename: string): boolean {
  return /\.\d{8}_\d{6}\.errors\.jsonl$/.test(filename);
}
