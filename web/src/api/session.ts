/** `/session`: who is signed in. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { Session as SessionAnswer } from "../../../src/schemas/session.ts";
import { ProblemError, request, setCsrfToken } from "./request.ts";

/** The person behind this browser. */
export type Session = Static<typeof SessionAnswer>["session"];

function keep({ session }: Static<typeof SessionAnswer>): Session {
  setCsrfToken(session.csrfToken);
  return session;
}

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return keep(await request("GET", "/session", { signal }));
    } catch (error) {
      if (error instanceof ProblemError && error.problem.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Signs in as a person types it. */
export async function signIn(body: { customerCode: string; apiKey: string }): Promise<Session> {
  return keep(await request("POST", "/session", { body }));
}

/** Signs in by the link of a first start, which works once. */
export async function signInByLink(link: string): Promise<Session> {
  return keep(await request("POST", "/session/_link", { body: { link } }));
}

/** Signs out, on every node. */
export async function signOut(): Promise<void> {
  await request("DELETE", "/session");
}
