import { nextFireInMs } from "../store/schedules/next-fire.ts";
import type { Context } from "./context.ts";

/** In how many milliseconds a schedule is due, or something that was put aside; 0 or less: now; null: nothing ever is. */
export async function untilNextFire({ database }: Context): Promise<number | null> {
  return nextFireInMs(database.sql);
}
