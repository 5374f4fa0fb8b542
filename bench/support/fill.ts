/** Fills a node's tables by SQL, faster than jobs could be made one by one. */
import type postgres from "postgres";

/** What is kept: today and the days before it. */
const days = 30;

/** Finished jobs of the last thirty days, as many of each; ten million take some minutes. */
export async function fillHistory(sql: postgres.Sql, customerCode: string, jobs: number): Promise<void> {
  const ages = Array.from({ length: days }, (_, age) => age);
  for (const age of ages) await sql`select make_job_day((app_now() at time zone 'UTC')::date - ${age}::integer)`;
  const ofDay = async (): Promise<void> => {
    for (let age = ages.pop(); age !== undefined; age = ages.pop()) {
      await sql`
        insert into job (day, id, customer_code, job_type, params, options, priority, max_attempts, trigger_kind, trigger_by,
                         status, result, attempt, created_at, run_at, first_started_at, started_at, finished_at)
        select (at at time zone 'UTC')::date, uuidv7(at - now()), ${customerCode}, 'noOp',
               '{"text":"of the past, and about as long as the others are in this benchmark"}', ${defaultOptions}::json,
               5, 1, 'api', 'bench@example.com', 'COMPLETED', '{"ok":true}', 1, at, at, at, at, at
          from generate_series(1, ${Math.ceil(jobs / days)}::integer) number
         cross join lateral (
           select (app_now() at time zone 'UTC')::date::timestamp at time zone 'UTC'
                    - ${age}::integer * interval '1 day' + number * interval '1 microsecond' as at) times`;
    }
  };
  await Promise.all([ofDay(), ofDay()]);
  await sql`vacuum (analyze) job`;
  await sql`checkpoint`;
}

/** Customers `<prefix>00000`, `<prefix>00001`, …: a node goes by their number, so that jobs alone would not do. */
export async function addCustomers(sql: postgres.Sql, prefix: string, customers: number): Promise<void> {
  await sql`
    insert into customer (customer_code)
    select ${prefix} || to_char(number, 'FM00000') from generate_series(0, ${customers - 1}) number
    on conflict do nothing`;
}

/**
 * Unfinished jobs in one state; `ready` ones are those of customers `<prefix>00000`, `<prefix>00001`, …, evenly.
 *
 * @param state `scheduled` ones are due in a day
 */
export async function fillQueue(
  sql: postgres.Sql,
  wanted: {
    prefix: string;
    customers: number;
    jobs: number;
    state: "ready" | "scheduled" | "blocked";
    jobType: string;
  },
): Promise<void> {
  const { prefix, customers, jobs, state, jobType } = wanted;
  await addCustomers(sql, prefix, customers);
  await sql`
    with entry as (
      select gen_random_uuid() as id, (app_now() at time zone 'UTC')::date as day,
             ${prefix} || to_char(number % ${customers}, 'FM00000') as customer_code,
             app_now() + case when ${state} = 'scheduled' then interval '1 day' else interval '0' end as run_at
        from generate_series(0, ${jobs - 1}) number
    ), made as (
      insert into job (day, id, customer_code, job_type, params, options, priority, max_attempts, trigger_kind, trigger_by,
                       created_at, run_at)
      select day, id, customer_code, ${jobType}, '{}', ${defaultOptions}::json, 5, 1, 'api', 'bench@example.com', app_now(), run_at
        from entry
    )
    insert into job_queue (id, day, customer_code, job_type, priority, run_at, state, fail_on_loss, trigger_kind, created_at,
                           params, options)
    select id, day, customer_code, ${jobType}, 5, run_at, ${state}, false, 'api', app_now(), '{}', ${defaultOptions}::json
      from entry`;
  await sql`analyze job_queue`;
}

const defaultOptions = JSON.stringify({
  skipNotification: false,
  sendCompletionEmail: false,
  sendFailureEmail: false,
  emailList: [],
  timeoutSeconds: 60,
  retry: { maxAttempts: 1, backoff: "exponential", initialSeconds: 5, maxSeconds: 600, onWorkerLost: "rerun" },
  priority: 5,
  maxConcurrent: null,
  concurrencyKey: null,
});
