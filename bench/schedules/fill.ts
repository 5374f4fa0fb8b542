/** Definitions with schedules, written straight into the tables, and when they are due. */
import type postgres from "postgres";
import { addCustomers } from "../support/fill.ts";

const atOnce = 100_000;

/**
 * Definitions of so many customers, each with a daily schedule of its own second, none of which is due for half a day: the
 * first is that of `number` 0.
 */
export async function fillSchedules(sql: postgres.Sql, definitions: number, customers: number): Promise<void> {
  await addCustomers(sql, "s", customers);
  for (let first = 0; first < definitions; first += atOnce) {
    await sql`
      with entry as (
        select gen_random_uuid() as id, number, 's' || to_char(number % ${customers}, 'FM00000') as customer_code,
               date_trunc('second', app_now()) + interval '12 hours'
                 + (number % 36000) * interval '1 second' as at
          from generate_series(${first}::integer, ${Math.min(first + atOnce, definitions) - 1}::integer) number
      ), defined as (
        insert into job_definition (definition_id, customer_code, job_definition_code, job_type, name, description, params,
                                    options, schedule, schedule_saved_by)
        select id, customer_code, 'd' || number, 'noOp', 'a benchmark''s', '', '{"text":"of a schedule"}', '{}',
               json_build_object('cron', to_char(at at time zone 'UTC', 'SS MI HH24') || ' * * ?'), 'bench@example.com'
          from entry
      )
      insert into schedule (definition_id, customer_code, position, next_fire_at)
      select id, customer_code, app_now(), at from entry`;
  }
  await sql`vacuum (analyze) schedule, job_definition`;
}

/** Makes the first definitions due by a cron each, which may name their number as `#`; a thousand at once. */
export async function makeDue(
  sql: postgres.Sql,
  due: {
    readonly definitions: number;
    readonly firstAt: Date;
    readonly perSecond: number;
    readonly everySeconds: number | null;
  },
): Promise<void> {
  const { definitions, firstAt, perSecond, everySeconds } = due;
  await sql`
    with entry as (
      select d.definition_id as id,
             ${firstAt}::timestamptz + (substr(d.job_definition_code, 2)::integer / ${perSecond}::integer) * interval '1 second' as at
        from job_definition d
       where d.job_definition_code like 'd%' and substr(d.job_definition_code, 2)::integer < ${definitions}
    ), defined as (
      update job_definition d
         set schedule = json_build_object('cron', case
               when ${everySeconds}::integer is null then to_char(e.at at time zone 'UTC', 'SS MI HH24') || ' * * ?'
               else (extract(second from e.at)::integer % ${everySeconds ?? 1}) || '/' || ${everySeconds ?? 1} || ' * * * * ?' end)
        from entry e where d.definition_id = e.id
    )
    update schedule s set position = e.at - interval '1 millisecond', next_fire_at = e.at, open_from = null
      from entry e where s.definition_id = e.id`;
  await sql`select pg_notify('punctual_schedules', '')`;
}

/** Makes the first definitions fire every second, and have been away for a day: of its last three minutes every job is to be made. */
export async function makeAway(sql: postgres.Sql, definitions: number): Promise<void> {
  await sql`
    with entry as (
      update job_definition d
         set schedule = '{"cron":"* * * * * ?","catchUp":"all","catchUpWindowSeconds":180}'
       where d.job_definition_code like 'd%' and substr(d.job_definition_code, 2)::integer < ${definitions}
      returning d.definition_id as id
    )
    update schedule s
       set position = date_trunc('second', app_now()) - interval '1 day', open_from = null,
           next_fire_at = date_trunc('second', app_now()) - interval '1 day' + interval '1 second'
      from entry e where s.definition_id = e.id`;
  await sql`select pg_notify('punctual_schedules', '')`;
}

/** Takes back what is due: from now on nothing is. */
export async function makeIdle(sql: postgres.Sql): Promise<void> {
  await sql`update schedule set next_fire_at = app_now() + interval '1 day' where next_fire_at < app_now() + interval '6 hours'`;
}
