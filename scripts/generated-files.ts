/** The files that are made from the code and committed: what they should hold, for writing and for comparing. */
import { readFile } from "node:fs/promises";
import postgres from "postgres";
import { dumpSchema } from "./dump-schema.ts";
import { errorsPage } from "./errors-page.ts";
import { withSettings } from "./readme-settings.ts";

/**
 * Asks a running node and its database.
 *
 * @param origin of a node whose public URL is `http://127.0.0.1:8080`
 * @returns path → content
 */
export async function generatedFiles(origin: string, sql: postgres.Sql): Promise<Map<string, string>> {
  const document: unknown = await (await fetch(`${origin}/openapi.json`)).json();
  return new Map([
    ["openapi.json", `${JSON.stringify(document, null, 2)}\n`],
    ["src/store/schema.sql", await dumpSchema(sql)],
    ["docs/errors.md", errorsPage()],
    ["README.md", withSettings(await readFile("README.md", "utf8"))],
  ]);
}

/** The public URL that the committed document names. */
export const documentedUrl = "http://127.0.0.1:8080";

/** Opens a connection to the database of a socket folder. */
export function openSocket(host: string, port: number, user: string, database: string): postgres.Sql {
  return postgres({ host, port, user, database, max: 1, onnotice: () => undefined });
}
