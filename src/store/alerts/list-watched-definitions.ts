import type { AlertRule } from "../../model/telling.ts";
import type { Sql } from "../sql.ts";

/** What a rule was told of. */
export interface ToldOfWatched {
  readonly subjects: readonly string[];
  /** RFC 3339. */
  readonly toldAt: string;
  /** Whether something is held back that is still to be told. */
  readonly holdsBack: boolean;
}

/** A definition with alerts, as far as a look at the clock needs it. */
export interface WatchedDefinition {
  readonly definitionId: string;
  readonly alerts: readonly AlertRule[];
  readonly paused: boolean;
  /** null: the watch has not begun. */
  readonly watchedSince: Date | null;
  readonly lastSuccessAt: Date | null;
  /** What was told, by the name of its rule; null: nothing. */
  readonly told: Readonly<Record<string, ToldOfWatched>> | null;
  readonly now: Date;
}

/** Lists definitions with alerts in the order of their ids, from behind `after`. */
export async function listWatchedDefinitions(sql: Sql, after: string, limit: number): Promise<WatchedDefinition[]> {
  return sql<WatchedDefinition>`
    select d.definition_id as "definitionId", d.options -> 'alerts' as alerts, d.paused,
           w.watched_since as "watchedSince", w.last_success_at as "lastSuccessAt", app_now() as now,
           (select json_object_agg(a.rule, json_build_object('subjects', a.subjects, 'toldAt', a.told_at,
                                                              'holdsBack', a.news is not null))
              from definition_alert a where a.definition_id = d.definition_id) as told
      from job_definition d left join definition_watch w using (definition_id)
     where (d.options -> 'alerts') is not null and json_array_length(d.options -> 'alerts') > 0
       and d.definition_id > ${after}::uuid
     order by d.definition_id limit ${limit}`;
}
