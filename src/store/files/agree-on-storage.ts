import type { Sql } from "../sql.ts";

/** The name of the storage that all nodes of this database use; the first one to ask names it. */
export async function agreeOnStorage(sql: Sql, storageId: string): Promise<string> {
  const [row] = await sql<{ storage_id: string }>`
    insert into file_storage (storage_id) values (${storageId}::uuid)
    on conflict (only_row) do update set storage_id = file_storage.storage_id
    returning storage_id`;
  if (!row) throw new Error("the storage has no name");
  return row.storage_id;
}
