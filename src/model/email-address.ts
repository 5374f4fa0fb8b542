/** Which texts are email addresses here. */

const local = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const domain = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Octets (RFC 5321, section 4.5.3.1). */
const longestLocal = 64;
const longestAddress = 254;

/**
 * Whether a text is one address: a dot-atom before the `@` and a host name behind it (RFC 5321, section 4.1.2).
 *
 * Quoted local parts and address literals are left out: nobody has them, and quotes can hold line breaks, which would begin
 * another header of a mail.
 */
export function isEmailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > longestLocal || text.length > longestAddress) return false;
  return local.test(text.slice(0, at)) && domain.test(text.slice(at + 1));
}

/** Each address once, whatever its case, as it was first spelled. */
export function distinctAddresses(addresses: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const address of addresses) {
    const key = address.toLowerCase();
    if (!seen.has(key)) seen.set(key, address);
  }
  return [...seen.values()];
}
