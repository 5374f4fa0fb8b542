/** Hides by name what is probably a credential. What the values of secrets are is known to the worker, which masks them wherever they show. */

/** Names that suggest a secret, of headers and of search params. */
const secretive = /auth|cookie|key|token|secret|password|passwd|signature|credential|session/i;

/** Stands for what is hidden. */
const hidden = "***";

/** Names of headers and search params that are hidden whatever they are called. Lower case. */
export type HiddenNames = ReadonlySet<string>;

/** `url` with the values of search params masked that look like secrets, or are named in `names`. */
export function maskUrl(url: string, names: HiddenNames): string {
  if (!url.includes("?")) return url;
  return url.replace(/([?&])([^=?&#]*)=([^&#]*)/g, (all, before: string, name: string) =>
    secretive.test(name) || names.has(decoded(name)) ? `${before}${name}=${hidden}` : all,
  );
}

/** Headers with the values masked of those that look like secrets, or are named in `names`. */
export function maskHeaders(headers: Readonly<Record<string, string>>, names: HiddenNames): Record<string, string> {
  const masked = Object.entries(headers).map(([name, value]) => {
    const lower = name.toLowerCase();
    const secret = lower !== "idempotency-key" && (secretive.test(lower) || names.has(lower));
    return [name, secret ? hidden : value];
  });
  return Object.fromEntries(masked);
}

function decoded(name: string): string {
  return [...new URLSearchParams(`${name}=`).keys()].join("").toLowerCase();
}
