import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { sessionQuery, signInByLink } from "../../api/session.ts";
import { queryClient } from "../../app/query-client.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** What follows the `#` of the address: the link of a first start. Taken out of the address at once, and of the history. */
function takeLink(): string {
  const link = location.hash.slice(1);
  if (link !== "") history.replaceState(history.state, "", location.pathname + location.search);
  return link;
}

const link = takeLink();
let opening: Promise<void> | undefined;

/** The link works once, so it is sent once, however often React mounts the page. */
function openByLink(): Promise<void> {
  opening ??= signInByLink(link).then((session) => void queryClient.setQueryData(sessionQuery.queryKey, session));
  return opening;
}

/** `/sign-in`: opens a session by the link in the address, or shows the form. */
export function SignIn() {
  const [error, setError] = useState<Error>();
  const [isTried, setTried] = useState(link === "");
  const session = useQuery({ ...sessionQuery, enabled: isTried });
  useEffect(() => {
    if (link === "") return;
    openByLink()
      .catch(setError)
      .finally(() => setTried(true));
  }, []);
  if (session.data) return <Navigate to="/" replace />;
  return <SignInForm error={error} isBusy={!isTried} />;
}
