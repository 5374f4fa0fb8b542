/** Browsers without a browser: what they send of a session, for tests of the API. */
import Type from "typebox";
import { Value } from "typebox/value";
import { SignedIn as SignedInAnswer } from "../../src/schemas/session.ts";
import { type HeaderChanges, prefix, type RawAnswer, read } from "./http.ts";

/** A person's cookie and CSRF token. */
export interface SignedIn {
  readonly cookie: string;
  readonly csrfToken: string;
  /** The `Set-Cookie` of the sign-in. */
  readonly setCookie: string;
  /** Sends as the page does: the cookie, and the CSRF token with writes. */
  send(method: string, path: string, body?: object, headers?: HeaderChanges): Promise<RawAnswer>;
}

/** Posts to `/session` or below it, as a page that came from `from`. */
export async function postSession(origin: string, path: string, body: object, from = origin): Promise<RawAnswer> {
  const headers = { "content-type": "application/json", origin: from };
  return read(await fetch(`${origin}${prefix}${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Reads what a sign-in answered. */
export function signedIn(origin: string, answer: RawAnswer): SignedIn {
  const { session } = Value.Parse(SignedInAnswer, answer.body);
  const setCookie = Value.Parse(Type.String({ minLength: 1 }), answer.headers.get("set-cookie"));
  const [cookie = ""] = setCookie.split(";");
  return {
    cookie,
    setCookie,
    csrfToken: session.csrfToken,
    async send(method, path, body, changes = {}) {
      const headers = new Headers({ cookie, "x-csrf-token": session.csrfToken });
      if (body) headers.set("content-type", "application/json");
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) headers.delete(name);
        else headers.set(name, value);
      }
      return read(
        await fetch(`${origin}${prefix}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }),
      );
    },
  };
}

/** Signs in with a key. */
export async function signIn(origin: string, customerCode: string, apiKey: string): Promise<SignedIn> {
  return signedIn(origin, await postSession(origin, "/session", { customerCode, apiKey }));
}
