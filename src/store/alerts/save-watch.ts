import type { DefinitionWatch } from "../../model/definition-watch.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/** Writes what is known of a definition, and forgets the rules that it is not told of; the caller holds its lock. */
export async function saveWatch(sql: Sql, watch: DefinitionWatch): Promise<void> {
  const { definitionId, watchedSince, failuresInRow, lastSuccessAt, silent } = watch;
  const told = [...watch.told];
  await sql`
    with watched as (
      update definition_watch
         set failures_in_row = ${failuresInRow}, last_success_at = ${lastSuccessAt}::timestamptz, silent = ${silent},
             watched_since = greatest(watched_since, ${watchedSince}::timestamptz)
       where definition_id = ${definitionId}::uuid
    ), forgotten as (
      delete from definition_alert
       where definition_id = ${definitionId}::uuid and rule <> all (${told.map(([rule]) => rule)}::text[])
    )
    insert into definition_alert (definition_id, rule, subjects, told_at, held_back, news)
    select ${definitionId}::uuid, rule, array(select json_array_elements_text(subjects)), told_at, held_back, news
      from rows from (unnest(
        ${told.map(([rule]) => rule)}::text[],
        ${told.map(([, one]) => one.toldAt.toISOString())}::timestamptz[],
        ${told.map(([, one]) => one.heldBack)}::integer[]
      ), json_array_elements(${jsonArray(told.map(([, one]) => JSON.stringify(one.subjects)))}::text::json),
      json_array_elements(${jsonArray(told.map(([, one]) => one.news && JSON.stringify(one.news)))}::text::json)
      ) as told (rule, told_at, held_back, subjects, news)
    on conflict (definition_id, rule) do update
       set subjects = excluded.subjects, told_at = excluded.told_at, held_back = excluded.held_back, news = excluded.news`;
}
