import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "../api/request.ts";
import { sessionQuery } from "../api/session.ts";

/** What all pages share of what they have read. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1_000,
      // What the node refuses it refuses again; what did not reach it may next time.
      retry: (failures, error) => !(error instanceof ProblemError) && failures < 3,
      retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 8_000),
    },
    mutations: { retry: false },
  },
});

/** Shows the way in, and forgets what was read: nothing that one person has seen is shown to the next. */
export function forgetPerson(): void {
  queryClient.setQueryData(sessionQuery.queryKey, null);
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
}
