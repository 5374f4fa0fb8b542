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
  /** What TLS is done with, where that is not as usual: which of it there is, not what it is. */
  readonly tls?: ShownTls;
}

/** Which TLS options a request had. */
export interface ShownTls {
  readonly ca: boolean;
  readonly certificate: boolean;
  readonly passphrase: boolean;
  readonly servername: string | null;
  readonly insecure: boolean;
}

/**
 * The same request for curl in a POSIX shell; what is masked in it stays so. A body that is not whole is left as a file to be filled, and so
 * are certificates and key.
 */
export function asCurl(request: ShownRequest, followsRedirects: boolean): string {
  const { method, headers } = request;
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
  const { words: tls, address } = tlsWords(request);
  return [...before, ...words, ...tls, ...data, quote(address)].join(" ");
}

function tlsWords({ tls, url }: ShownRequest): { words: string[]; address: string } {
  if (!tls || !url.startsWith("https:")) return { words: [], address: url };
  const words: string[] = [];
  if (tls.insecure) words.push("--insecure");
  if (tls.ca) words.push("--cacert", "ca.pem");
  if (tls.certificate) words.push("--cert", "certificate.pem", "--key", "key.pem");
  if (tls.passphrase) words.push("--pass", quote("***"));
  // What is masked may leave no address to take apart.
  if (tls.servername === null || !URL.canParse(url)) return { words, address: url };
  // curl takes the name from the address: that names it, and is connected to where it led before.
  const { host, hostname, port } = new URL(url);
  const number = port === "" ? "443" : port;
  words.push(
    "--connect-to",
    quote(`${tls.servername}:${number}:${hostname}:${number}`),
    "--header",
    quote(`Host: ${host}`),
  );
  return { words, address: url.replace(hostname, () => tls.servername ?? hostname) };
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
