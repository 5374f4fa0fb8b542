/** Turns host names into addresses. */
import { lookup } from "node:dns/promises";

/**
 * Looks up every address of a name, best first; rejects with Node's DNS errors (ENOTFOUND, EAI_AGAIN …).
 * The addresses are judged by whoever connects: a resolver need not be trusted.
 */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** The system's resolver, so that /etc/hosts and search domains count. */
export async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

/**
 * Lets callers who ask for a name that is being looked up share the answer, and forgets it then.
 *
 * The system's resolver runs on the few threads that file access uses too: two hundred jobs that start at once and call
 * one slow name must not fill them.
 */
export function sharedWhilePending(resolve: Resolve): Resolve {
  const pending = new Map<string, Promise<readonly string[]>>();
  return function lookUp(hostname) {
    const known = pending.get(hostname);
    if (known) return known;
    const asked = resolve(hostname).finally(() => pending.delete(hostname));
    pending.set(hostname, asked);
    return asked;
  };
}
