import type { Sql } from "../sql.ts";

/** Whose blocked jobs may have become free: what a job that left its place has in common with those that wait for it. */
export interface AdmissionGroup {
  readonly customerCode: string;
  readonly definitionId: string | null;
  readonly concurrencyKey: string | null;
}

/** Candidates of one group; those behind them have their turn when these have gone. */
const candidatesOfGroup = 500;

/** Blocked jobs of a customer that are looked through for candidates, past those whose own limits have no room. */
const window = 20_000;

/**
 * Makes blocked jobs ready as far as every limit allows, by priority, then age.
 *
 * The caller holds the admission locks of all the customers (`lockAdmission`), and this runs in a statement after that, so
 * that it counts what earlier admissions made ready. Counted against limits are jobs that are ready or run; against a
 * definition's, also those that wait. The limits are applied one after another, each to those that the ones before let through: that may leave a place
 * free for a moment where two limits cross, and never gives one twice.
 *
 * @returns the number of jobs that became ready
 */
export async function admitJobs(sql: Sql, groups: readonly AdmissionGroup[]): Promise<number> {
  const rows = await sql`
    with wanted as (
      select * from unnest(
        ${groups.map((group) => group.customerCode)}::text[],
        ${groups.map((group) => group.definitionId)}::uuid[],
        ${groups.map((group) => group.concurrencyKey)}::text[]
      ) as g (customer_code, definition_id, concurrency_key)
    ), definition_room as (
      select d.definition_id, d.max_concurrent - (
               select count(*) from job_queue h
                where h.definition_id = d.definition_id and h.limited and h.state in ('ready', 'claimed', 'waiting')) as room
        from job_definition d
       where d.max_concurrent is not null and d.customer_code in (select customer_code from wanted)
    ), type_room as (
      select l.customer_code, l.job_type, l.max_concurrent - (
               select count(*) from job_queue h
                where h.customer_code = l.customer_code and h.job_type = l.job_type and h.limited
                  and h.state in ('ready', 'claimed')) as room
        from customer_type_limit l where l.customer_code in (select customer_code from wanted)
    ), candidate as (
      select q.id, q.customer_code, q.job_type, q.definition_id, q.concurrency_key, q.priority, q.run_at
        from (select distinct definition_id from wanted where definition_id is not null) d cross join lateral (
          select * from job_queue q where q.state = 'blocked' and q.definition_id = d.definition_id
           order by q.priority, q.run_at, q.id limit ${candidatesOfGroup}) q
      union
      select q.id, q.customer_code, q.job_type, q.definition_id, q.concurrency_key, q.priority, q.run_at
        from (select distinct customer_code, concurrency_key from wanted where concurrency_key is not null) k
       cross join lateral (
          select * from job_queue q
           where q.state = 'blocked' and q.customer_code = k.customer_code and q.concurrency_key = k.concurrency_key
             and not exists (select from definition_room r where r.definition_id = q.definition_id and r.room <= 0)
           order by q.priority, q.run_at, q.id limit 1) q
      union
      -- All of a customer: in a sweep, and where the customer itself has a limit.
      select q.id, q.customer_code, q.job_type, q.definition_id, q.concurrency_key, q.priority, q.run_at
        from (select distinct w.customer_code from wanted w
               where w.definition_id is null and w.concurrency_key is null
                  or exists (select from type_room t where t.customer_code = w.customer_code)
                  or exists (select from customer c
                              where c.customer_code = w.customer_code and c.max_concurrent is not null)) c
       cross join lateral (
          select * from (
            select id, customer_code, job_type, definition_id, concurrency_key, priority, run_at from job_queue
             where state = 'blocked' and customer_code = c.customer_code
             order by priority, run_at, id limit ${window}) seen
           where not exists (select from definition_room r where r.definition_id = seen.definition_id and r.room <= 0)
             and not exists (select from type_room t
                              where t.customer_code = seen.customer_code and t.job_type = seen.job_type and t.room <= 0)
             and (seen.concurrency_key is null or not exists (
                   select from job_queue h
                    where h.customer_code = seen.customer_code and h.concurrency_key = seen.concurrency_key
                      and h.state in ('ready', 'claimed')))
           order by priority, run_at, id limit ${candidatesOfGroup}) q
    ), key_free as (
      select * from (
        select *, row_number() over (partition by customer_code, concurrency_key order by priority, run_at, id) as place
          from candidate c
         where (c.concurrency_key is null or not exists (
           select from job_queue h
            where h.customer_code = c.customer_code and h.concurrency_key = c.concurrency_key
              and h.state in ('ready', 'claimed')))
           -- A waiting job may keep its definition's room for days: whom that holds up must not hold up others of its key,
           -- among them perhaps the very child that is waited for.
           and not exists (select from definition_room r where r.definition_id = c.definition_id and r.room <= 0)
      ) ranked where concurrency_key is null or place = 1
    ), definition_free as (
      select * from (
        select k.id, k.customer_code, k.job_type, k.priority, k.run_at, r.room,
               row_number() over (partition by k.definition_id order by k.priority, k.run_at, k.id) as place
          from key_free k left join definition_room r using (definition_id)
      ) ranked where room is null or place <= room
    ), type_free as (
      select * from (
        select d.id, d.customer_code, d.priority, d.run_at, r.room,
               row_number() over (partition by d.customer_code, d.job_type order by d.priority, d.run_at, d.id) as place
          from definition_free d left join type_room r using (customer_code, job_type)
      ) ranked where room is null or place <= room
    ), customer_room as (
      select c.customer_code, c.max_concurrent - (
               select count(*) from job_queue h
                where h.customer_code = c.customer_code and h.limited and h.state in ('ready', 'claimed')) as room
        from customer c
       where c.max_concurrent is not null and c.customer_code in (select customer_code from wanted)
    ), customer_free as (
      select * from (
        select t.id, r.room,
               row_number() over (partition by t.customer_code order by t.priority, t.run_at, t.id) as place
          from type_free t left join customer_room r using (customer_code)
      ) ranked where room is null or place <= room
    )
    update job_queue q set state = 'ready'
     where q.state = 'blocked' and q.id in (select id from customer_free)
    returning 1`;
  return rows.length;
}
