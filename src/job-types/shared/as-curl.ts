/** A request as a line for a shell. */

/** A request as a failed call shows it. */
export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As `bodyEncoding` says; null for none. */
  readonly body: string | null;
  readonly bodyEncoding: "text" | "base64" | "none";
  /** Whether `body` is only the beginning. */
  readonly bodyTruncated: boolean;
}

/** The same request for curl in a POSIX shell; what is masked in it stays so. A body that is not whole is left as a file to be filled. */
export function asCurl(request: ShownRequest, followsRedirects: boolean): string {
  const { method, url, headers } = request;
  // Without globoff curl reads brackets and braces in the address as patterns.
  const words = ["curl", "--globoff", "--compressed"];
  if (method === "HEAD") words.push("--head");
  else if (method !== "GET") words.push("--request", method);
  if (followsRedirects) words.push("--location");
  for (const [name, value] of Object.entries(headers)) {
    // curl takes "name:" as "leave it out", and "name;" as an empty one.
    words.push("--header", quote(value === "" ? `${name};` : `${name}: ${value}`));
  }
  const { before, data } = bodyWords(request);
  return [...before, ...words, ...data, quote(url)].join(" ");
}

function bodyWords({ body, bodyEncoding, bodyTruncated }: ShownRequest): { before: string[]; data: string[] } {
  if (body === null) return { before: [], data: [] };
  if (bodyTruncated) return { before: [], data: ["--data-binary", "@body"] };
  if (bodyEncoding === "text") return { before: [], data: ["--data-raw", quote(body)] };
  return { before: ["printf", "%s", quote(body), "|", "base64", "-d", "|"], data: ["--data-binary", "@-"] };
}

/** Between single quotes a shell leaves everything alone but the quote itself (POSIX, "Shell Command Language", 2.2.2). */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
