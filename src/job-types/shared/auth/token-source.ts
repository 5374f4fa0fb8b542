/**
 * The tokens of OAuth 2 client credentials, kept across jobs.
 *
 * Invariants: a token is used only for the customer and the very credentials that it was given for; for each of these one
 * request at most is under way, and all who need its token wait for it; none is used in the last part of its life. Memory is
 * bounded: the tokens used longest ago go first.
 */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { JobContext } from "../../contract.ts";
import type { OAuth2Params } from "./auth-params.ts";
import { requestToken, type Token, tokenFailure } from "./request-token.ts";

/** Characters of all tokens that are kept. */
const mostCharacters = 8 * 1024 * 1024;
/** Seconds that a token is used for whose life the other end does not tell; a 401 ends it sooner. */
const unknownLifeSeconds = 300;
/** Seconds before its end in which a token is used no more, but at most a tenth of its life. */
const marginSeconds = 60;

interface KeptToken {
  readonly value: string;
  /** By the database's clock, in milliseconds. */
  readonly usableUntil: number;
}

interface Pending {
  /** Of the run whose way out is used. */
  readonly asker: AbortSignal;
  readonly token: Promise<string>;
  readonly abort: AbortController;
  waiting: number;
}

/** What of a run's context is needed. */
type Asker = Pick<JobContext, "fetch" | "clock" | "signal"> & { readonly job: Pick<JobContext["job"], "customerCode"> };

/** Gives tokens. */
export interface TokenSource {
  /**
   * A token for the credentials: the one that is kept, or a new one.
   *
   * @param refused a token that the webservice did not take, so that this very one is no answer
   * @throws JobError TOKEN_REQUEST_FAILED; the reason of the run's signal when it is aborted
   */
  token(ctx: Asker, auth: OAuth2Params, refused?: string): Promise<string>;
}

/**
 * A source that keeps no token yet.
 *
 * @param patienceMs how long a token URL may take, whatever time the jobs that wait for it have
 */
export function createTokenSource(patienceMs = 30_000): TokenSource {
  const kept = new LRUCache<string, KeptToken>({
    maxSize: mostCharacters,
    sizeCalculation: ({ value }) => value.length + 256,
  });
  const pending = new Map<string, Pending>();

  function ask(key: string, ctx: Asker, auth: OAuth2Params): Pending {
    const abort = new AbortController();
    const timeout = tokenFailure(auth, `did not answer within ${patienceMs / 1000} s`, {
      reason: "TIMEOUT",
      retryable: true,
    });
    const timer = setTimeout(() => abort.abort(timeout), patienceMs);
    const asked = requestToken(ctx.fetch, auth, ctx.clock.now(), abort.signal);
    const token = asked
      .then((given) => {
        kept.set(key, { value: given.value, usableUntil: usableUntil(given, ctx.clock.now()) });
        return given.value;
      })
      .finally(() => {
        clearTimeout(timer);
        if (pending.get(key) === mine) pending.delete(key);
      });
    const mine: Pending = { asker: ctx.signal, token, abort, waiting: 0 };
    pending.set(key, mine);
    return mine;
  }

  async function token(ctx: Asker, auth: OAuth2Params, refused?: string): Promise<string> {
    const key = keyOf(ctx.job.customerCode, auth);
    for (;;) {
      const known = kept.get(key);
      if (known && known.value !== refused && ctx.clock.now().getTime() < known.usableUntil) return known.value;
      kept.delete(key);
      const request = pending.get(key) ?? ask(key, ctx, auth);
      request.waiting += 1;
      try {
        return await abortable(request.token, ctx.signal);
      } catch (error) {
        // The run that asked may have ended, and its way out with it: that is no answer for another.
        if (ctx.signal.aborted || !request.asker.aborted) throw error;
      } finally {
        request.waiting -= 1;
        if (request.waiting === 0 && pending.get(key) === request) {
          pending.delete(key);
          request.abort.abort(new Error("nobody waits for the token any more"));
        }
      }
    }
  }

  return { token };
}

function usableUntil({ expiresIn = unknownLifeSeconds }: Token, now: Date): number {
  return now.getTime() + (expiresIn - Math.min(marginSeconds, expiresIn / 10)) * 1000;
}

/** Names customer and credentials, those of TLS among them, without holding them. */
function keyOf(customerCode: string, auth: OAuth2Params): string {
  const { tokenUrl, clientId, clientSecret, clientAuthentication, scope, audience, extraParams = {}, tls } = auth;
  const extra = Object.entries(extraParams).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = [customerCode, tokenUrl, clientId, clientSecret, clientAuthentication, scope, audience, extra, tls];
  return createHash("sha256").update(JSON.stringify(all)).digest("base64");
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
