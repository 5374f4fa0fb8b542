import { QueryClient } from "@tanstack/react-query";
import { ProblemError } from "../api/request.ts";

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
