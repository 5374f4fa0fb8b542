import type { DefinitionWatch } from "../../model/definition-watch.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/** Writes what is known of a definition; the caller holds its lock. */
export async function saveWatch(sql: Sql, watch: DefinitionWatch): Promise<void> {
  const { definitionId, failuresInRow, lastSuccessAt, silent } = watch;
  const told = [...watch.told];
  await sql`
    with watched as (
      update definition_watch
         set failures_in_row = ${failuresInRow}, last_success_at = ${lastSuccessAt}::timestamptz, silent = ${silent}
       where definition_id = ${definitionId}::uuid
    )
    insert into definition_alert (definition_id, rule, subject, told_at, held_back, news)
    select ${definitionId}::uuid, rule, subject, told_at, held_back, news
      from rows from (unnest(
        ${told.map(([rule]) => rule)}::text[],
        ${told.map(([, one]) => one.subject)}::text[],
        ${told.map(([, one]) => one.toldAt.toISOString())}::timestamptz[],
        ${told.map(([, one]) => one.heldBack)}::integer[]
      ), json_array_elements(${jsonArray(told.map(([, one]) => one.news && JSON.stringify(one.news)))}::text::json)
      ) as told (rule, subject, told_at, held_back, news)
    on conflict (definition_id, rule) do update
       set subject = excluded.subject, told_at = excluded.told_at, held_back = excluded.held_back, news = excluded.news`;
}
