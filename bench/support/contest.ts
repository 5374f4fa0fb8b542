/** What children of the queue races find in their environment. */
import { payloadOf } from "./callers.ts";

const { env } = process;

export const contest = {
  /** For `DATABASE_URL`. */
  databaseUrl: env.BENCH_DATABASE_URL ?? "",
  /** For node-postgres. */
  pgUrl: env.BENCH_PG_URL ?? "",
  redisSocket: env.BENCH_REDIS_SOCKET ?? "",
  /** Jobs at once. */
  slots: Number(env.BENCH_SLOTS ?? 200),
  payload: payloadOf(Number(env.BENCH_PAYLOAD ?? 100)),
};
