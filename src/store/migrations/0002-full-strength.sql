-- needs-code: 1
-- Cancelling, limits, waiting, logs, large results, retention.

alter table customer
  -- null: no limit
  add column max_concurrent integer check (max_concurrent >= 1),
  add column limited_at timestamptz,
  add column max_queued integer check (max_queued >= 1);

-- How many jobs of one type a customer may have running at once.
create table customer_type_limit (
  customer_code text collate "C" not null references customer,
  job_type text not null,
  max_concurrent integer not null check (max_concurrent >= 1),
  limited_at timestamptz not null default app_now(),
  primary key (customer_code, job_type)
);

alter table job
  add column progress json,
  -- Which run was the last: the earlier ones have rows in job_attempt.
  add column runs smallint not null default 0,
  add column result_apart boolean not null default false,
  add column parent_day date,
  add column parent_id uuid;

-- A run that ended to wait.
alter table job_attempt
  drop constraint job_attempt_outcome_check,
  add constraint job_attempt_outcome_check check (outcome in ('FAILED', 'LOST', 'HANDED_BACK', 'SUSPENDED'));

alter table job_queue
  -- The error with which a running job is to end: its node aborts it, and nothing lets it run again.
  add column cancellation json,
  -- When it fails if it has not started by then.
  add column queue_deadline timestamptz,
  -- Whether any limit applies: then it becomes ready by admission alone.
  add column limited boolean not null default false,
  add column concurrency_key text collate "C",
  add column parent_day date,
  add column parent_id uuid,
  -- 0: it is no job's child.
  add column depth smallint not null default 0,
  -- While it waits: for the time in wake_at, or (null) for the children in awaits.
  add column wake_at timestamptz,
  add column awaits uuid[],
  add column wait_deadline timestamptz,
  add column resume_state json,
  -- How long earlier runs of its present attempt ran before they waited; null: it has not waited in this attempt.
  add column ran_ms integer;

create index job_definition_limited on job_definition (updated_at) where max_concurrent is not null;
create index job_queue_deadline on job_queue (queue_deadline)
  where queue_deadline is not null and state in ('ready', 'blocked');
create index job_queue_wake on job_queue (wake_at) where state = 'waiting' and wake_at is not null;
create index job_queue_awaiting on job_queue (id) where state = 'waiting' and wake_at is null;
create index job_queue_wait_deadline on job_queue (wait_deadline) where state = 'waiting';
create index job_queue_children on job_queue (parent_id) where parent_id is not null;
create index job_queue_blocked_child on job_queue (id) where state = 'blocked' and parent_id is not null;

-- Lists of a customer's unfinished jobs.
create index job_queue_of_customer on job_queue (customer_code, day, id);

-- Rows that wait for admission, in the order in which they are admitted.
create index job_queue_blocked on job_queue (customer_code, priority, run_at, id) where state = 'blocked';
create index job_queue_blocked_definition on job_queue (definition_id, priority, run_at, id) where state = 'blocked';
create index job_queue_blocked_key on job_queue (customer_code, concurrency_key, priority, run_at, id)
  where state = 'blocked' and concurrency_key is not null;

-- Rows that count against limits. Rows without a limit are in none of these, so they cost an unlimited job nothing.
create index job_queue_held on job_queue (customer_code, job_type)
  where limited and state in ('ready', 'claimed');
create index job_queue_held_definition on job_queue (definition_id)
  where limited and state in ('ready', 'claimed', 'waiting');
create index job_queue_held_key on job_queue (customer_code, concurrency_key)
  where concurrency_key is not null and state in ('ready', 'claimed');

-- Events are written in the order of time: what is old is found by ranges of pages, for next to nothing per write.
create index audit_event_age on audit_event using brin (at) with (pages_per_range = 32, autosummarize = on);

-- Children of a job, each started once however often its parent runs again.
create table job_child (
  day date not null,
  parent_id uuid not null,
  step text not null,
  child_day date not null,
  child_id uuid not null,
  primary key (day, parent_id, step)
) partition by range (day);

create table job_log (
  day date not null,
  job_id uuid not null,
  seq integer not null,
  run smallint not null,
  at timestamptz not null,
  level text not null check (level in ('debug', 'info', 'warn', 'error')),
  message text not null,
  primary key (day, job_id, seq)
) partition by range (day);

-- Results that are too large for their row, compressed.
create table job_result (
  day date not null,
  id uuid not null,
  gzip bytea not null,
  primary key (day, id)
) partition by range (day);

-- Makes the partitions of a day. Attaching takes no lock that a reader or writer would wait for.
create or replace function make_job_day(day date) returns void language plpgsql as $$
declare
  parent text;
  child text;
begin
  perform pg_advisory_xact_lock(hashtext('punctual make_job_day'));
  foreach parent in array array['job', 'job_attempt', 'job_child', 'job_log', 'job_result'] loop
    child := parent || '_' || to_char(day, 'YYYYMMDD');
    continue when to_regclass(child) is not null;
    execute format('create table %I (like %I including defaults including constraints)', child, parent);
    if parent = 'job' then
      execute format('alter table %I set (fillfactor = 50, autovacuum_analyze_scale_factor = 0.2)', child);
    end if;
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, child, day, day + 1);
  end loop;
end
$$;

-- Makes the days that are coming.
create or replace function make_job_days(days integer) returns void language sql as $$
  select make_job_day((app_now() at time zone 'UTC')::date + ahead) from generate_series(0, days) ahead
$$;
