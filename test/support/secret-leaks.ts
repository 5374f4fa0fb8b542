/** Looks for a secret's value in everything that a node leaves behind. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestDatabase } from "./database.ts";

/** No escape changes its letters, so that it is found whatever was done to the characters around it. */
const core = "Zq9XyTk27mQw4";

/** A value that every kind of escape changes. */
export const leakyValue = `${core}/+="w&rd'<é> 100%`;

const traces = [
  core,
  Buffer.from(core).toString("hex"),
  ...[0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), Buffer.from(core)])
      .toString("base64")
      .slice(4, 16),
  ),
];

/** Whether the value shows in a text, also in base64 or as bytes. */
export function shows(text: string): boolean {
  return traces.some((trace) => text.includes(trace));
}

/** Every row of every table, as text. */
export async function everyRow({ sql }: TestDatabase): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r'`;
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await sql.unsafe<{ row: string }[]>(`select '${name} ' || t::text as row from ${name} t`);
    rows.push(...found.map(({ row }) => row));
  }
  return rows;
}

/** Every file below a folder, as text. */
export async function everyFile(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
}
