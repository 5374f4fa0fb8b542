import type { Sql } from "../sql.ts";

/** The name of the storage that the nodes of this database use; undefined where none has been used yet. */
export async function findStorage(sql: Sql): Promise<string | undefined> {
  const [row] = await sql<{ storage_id: string }>`select storage_id from file_storage`;
  return row?.storage_id;
}
