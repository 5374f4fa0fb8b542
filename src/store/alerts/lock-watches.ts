import type { DefinitionWatch, ToldAlert } from "../../model/definition-watch.ts";
import type { AlertNews } from "../../model/delivery.ts";
import type { AlertRule, Webhook } from "../../model/telling.ts";
import type { Sql } from "../sql.ts";

interface Row {
  definition_id: string;
  customer_code: string;
  job_definition_code: string;
  name: string;
  time_zone: string | null;
  alerts: AlertRule[];
  webhooks: Webhook[] | null;
  email_list: string[] | null;
  person: string | null;
  watched_since: Date;
  failures_in_row: number;
  last_success_at: Date | null;
  silent: boolean;
  told: Record<string, { subjects: string[]; toldAt: string; heldBack: number; news: AlertNews | null }> | null;
  now: Date;
}

/**
 * Locks what is known of definitions until the transaction ends, in the order of their ids; those without alerts are left out.
 *
 * @returns the watches, and the time
 */
export async function lockWatches(
  sql: Sql,
  definitionIds: readonly string[],
): Promise<{ watches: DefinitionWatch[]; now: Date }> {
  await sql`
    insert into definition_watch (definition_id, watched_since)
    select definition_id, app_now() from job_definition
     where definition_id = any (${definitionIds}::uuid[]) and json_array_length(options -> 'alerts') > 0
     order by definition_id
    on conflict do nothing`;
  await sql`
    select from definition_watch where definition_id = any (${definitionIds}::uuid[]) order by definition_id for update`;
  const rows = await sql<Row>`
    select d.definition_id, d.customer_code, d.job_definition_code, d.name, d.schedule ->> 'timeZone' as time_zone,
           d.options -> 'alerts' as alerts, d.options -> 'webhooks' as webhooks, d.options -> 'emailList' as email_list,
           saver.email as person, w.watched_since, w.failures_in_row, w.last_success_at, w.silent, app_now() as now,
           (select json_object_agg(a.rule, json_build_object('subjects', a.subjects, 'toldAt', a.told_at,
                                                              'heldBack', a.held_back, 'news', a.news))
              from definition_alert a where a.definition_id = d.definition_id) as told
      from definition_watch w join job_definition d using (definition_id)
      left join lateral (
        select u.email from (select saved_by from definition_content c where c.definition_id = d.definition_id
                              order by c.version desc limit 1) newest
          join app_user u on u.customer_code = d.customer_code and lower(u.email) = lower(newest.saved_by)
      ) saver on true
     where w.definition_id = any (${definitionIds}::uuid[]) and json_array_length(d.options -> 'alerts') > 0`;
  return { watches: rows.map(toWatch), now: rows[0]?.now ?? new Date(0) };
}

function toWatch(row: Row): DefinitionWatch {
  return {
    definitionId: row.definition_id,
    customerCode: row.customer_code,
    jobDefinitionCode: row.job_definition_code,
    name: row.name,
    timeZone: row.time_zone ?? "UTC",
    alerts: row.alerts,
    webhooks: row.webhooks ?? [],
    emailList: row.email_list ?? [],
    person: row.person,
    watchedSince: row.watched_since,
    failuresInRow: row.failures_in_row,
    lastSuccessAt: row.last_success_at,
    silent: row.silent,
    told: new Map(Object.entries(row.told ?? {}).map(([rule, told]) => [rule, toTold(told)])),
  };
}

function toTold(told: NonNullable<Row["told"]>[string]): ToldAlert {
  return { ...told, toldAt: new Date(told.toldAt) };
}
