/** Moves the time that every statement sees (`app_now()`); nothing waits for it. */
import type { TestDatabase } from "./database.ts";

export interface FakeClock {
  set(time: Date | string): Promise<void>;
  /** Milliseconds. The first call stops time at the present. */
  advance(milliseconds: number): Promise<void>;
}

export function fakeClock({ sql }: TestDatabase): FakeClock {
  return {
    async set(time) {
      await sql.begin(async (transaction) => {
        await transaction`delete from test_clock`;
        await transaction`insert into test_clock values (${new Date(time)})`;
      });
    },
    async advance(milliseconds) {
      await sql.begin(async (transaction) => {
        const [row] = await transaction<{ now: Date }[]>`select app_now() as now`;
        await transaction`delete from test_clock`;
        await transaction`insert into test_clock values (${new Date((row?.now.getTime() ?? 0) + milliseconds)})`;
      });
    },
  };
}
