/** Waits for a database that may be starting too, and says what is wrong with one that cannot be used. */
import { StartError } from "../model/start-error.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import { isPassing } from "../store/database-errors.ts";

/** A setting that holds the URL of a database. */
export interface DatabaseSetting {
  readonly name: "DATABASE_URL" | "DATABASE_DIRECT_URL";
  readonly url: string;
}

/**
 * Does `work`, again and again while the database is away: compose files start a node and its database at once.
 *
 * @param work may be done twice
 * @throws StartError that names the setting, the host and the reason, and never the password
 */
export async function reachDatabase<T>(
  database: Database,
  setting: DatabaseSetting,
  patienceMs: number,
  log: Logger,
  work: () => Promise<T>,
): Promise<T> {
  const host = hostOf(setting.url);
  let told = false;
  try {
    return await database.repeatable(async () => {
      try {
        return await work();
      } catch (error) {
        if (isPassing(error) && !told) {
          told = true;
          log.warn(
            { host, reason: reasonOf(error) },
            `the database that ${setting.name} names cannot be reached yet; trying for up to ${patienceMs / 1000} s`,
          );
        }
        throw error;
      }
    }, patienceMs);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const at = `${setting.name} (host ${host})`;
    if (isPassing(error)) {
      throw new StartError(
        `The database that ${at} names cannot be reached: ${reasonOf(error)}. Correct the address, or start the database first.`,
        error,
      );
    }
    const remedy = remedies[codeOf(error)];
    if (remedy === undefined) throw error;
    throw new StartError(`The database that ${at} names refused the node: ${reasonOf(error)}. ${remedy}`, error);
  }
}

/** SQLSTATE (PostgreSQL docs, appendix A) → what to change. */
const remedies: Readonly<Record<string, string>> = {
  "28P01": "Correct the user or the password in the URL.",
  "28000": "Correct the user in the URL, or let it in (pg_hba.conf).",
  "3D000": "Create that database, or correct its name in the URL.",
  "42501": "Grant the user that right: it must be able to create tables in the database.",
};

/** Without user and password, whatever the URL is like. */
function hostOf(text: string): string {
  const url = URL.parse(text.replace(/,[^/?]*/, ""));
  return url?.host || url?.searchParams.get("host") || "localhost";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** A refused connection to a name with several addresses has a code and no words. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || codeOf(error) || error.name;
}
