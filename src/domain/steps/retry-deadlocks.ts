import { isDeadlock } from "../../store/database-errors.ts";

/** How often a transaction is begun that PostgreSQL undid so that another could go on. */
const mostTries = 3;

/** Runs a transaction, again where it was undone because of a deadlock. */
export async function retryDeadlocks<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (tries === mostTries || !isDeadlock(error)) throw error;
    }
  }
}
