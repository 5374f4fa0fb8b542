/** `/session`: who is signed in. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { SessionAnswer, SignedIn } from "../../../src/schemas/session.ts";
import { request, setCsrfToken } from "./request.ts";

/** The person behind this browser. */
export type Session = Static<typeof SignedIn>["session"];

function keep<Kept extends Session | null>({ session }: { session: Kept }): Kept {
  if (session) setCsrfToken(session.csrfToken);
  return session;
}

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }) => keep(await request<Static<typeof SessionAnswer>>("GET", "/session", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Signs in as a person types it. */
export async function signIn(body: { customerCode: string; apiKey: string }): Promise<Session> {
  return keep(await request<Static<typeof SignedIn>>("POST", "/session", { body }));
}

/** Signs in by the link of a first start, which works once. */
export async function signInByLink(link: string): Promise<Session> {
  return keep(await request<Static<typeof SignedIn>>("POST", "/session/_link", { body: { link } }));
}

/** Signs out, on every node. */
export async function signOut(): Promise<void> {
  await request("DELETE", "/session");
}
