-- needs-code: 3
-- Schedules that fire, their ledger, what they have to make up for, and jobs that wait for an earlier one of their schedule.

/*
 * A definition that has, or has had, a schedule has a row in `schedule`; firing changes that row alone.
 *
 * States: waiting (next_fire_at ahead) → due (next_fire_at has come) → waiting; idle (next_fire_at null) while the definition is
 * paused, has no schedule, or its schedule has no occurrence left.
 *
 * Invariants:
 * - `position` never goes back. Every occurrence up to and including it has been accounted for: it is covered by one row of
 *   `occurrence`, or lies in a span of `schedule_backlog`, or was due while nobody had a schedule. Occurrences behind it have not.
 * - Whoever moves `position`, decides about overlap, or releases a held job of the definition holds this row's lock. A definition
 *   and its schedule are locked in this order. An edit, a pause and a resume lock both; firing locks the schedule alone, and then
 *   reads the definition, in a statement of its own.
 * - What belongs to a schedule hangs on the surrogate id, so that a successor of the same code inherits nothing.
 */
create table schedule (
  definition_id uuid primary key references job_definition on delete cascade,
  customer_code text collate "C" not null,
  -- A nominal time: jitter is no part of it.
  position timestamptz not null,
  -- The next occurrence's time, and the jitter.
  next_fire_at timestamptz,
  -- The last row of the ledger, where it is one without a job: the next occurrence may share it.
  open_from timestamptz,
  open_outcome text,
  open_reason text
) with (
  fillfactor = 80,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_analyze_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0
);
create index schedule_due on schedule (next_fire_at) where next_fire_at is not null;
-- By customer, so that one with many due at once is in nobody's way.
create index schedule_due_of_customer on schedule (customer_code, next_fire_at) where next_fire_at is not null;

-- Schedules that were saved before anything fired them: each is due at once, with no occurrence, and then knows its next.
insert into schedule (definition_id, customer_code, position, next_fire_at)
select definition_id, customer_code, app_now(), case when not paused then app_now() end
  from job_definition where schedule is not null;

alter table job_definition drop column next_fire_at;

/*
 * Spans of a schedule that are behind: those that were due for more than 60 s when somebody came to fire them, and those that
 * were due when the schedule was edited, paused or removed. Settled in slices, under the schedule row's lock, oldest first.
 */
create table schedule_backlog (
  backlog_id uuid primary key,
  definition_id uuid not null references schedule on delete cascade,
  customer_code text collate "C" not null,
  -- As it was, and who had saved it.
  schedule json not null,
  saved_by text,
  -- Occurrences from this time on, to that one, excluded; nominal.
  from_time timestamptz not null,
  to_time timestamptz not null,
  -- When the span was put aside: its lateness is told from here, so that all slices judge alike.
  as_of timestamptz not null,
  -- Nominal: from here on jobs are made whatever catchUp says. Null: nowhere.
  regardless_from timestamptz,
  -- How many jobs catchUp has made of it.
  made integer not null default 0,
  -- When its next slice may be settled.
  due_at timestamptz not null
);
create index schedule_backlog_of_definition on schedule_backlog (definition_id, from_time);
create index schedule_backlog_due on schedule_backlog (due_at);
create index schedule_backlog_of_customer on schedule_backlog (customer_code, due_at);

/*
 * The ledger. A row covers one occurrence or, without a job, `count` consecutive ones of one outcome and reason, from
 * `scheduled_for` to `until`, both included and on one day of UTC. No default partition; days are made ahead with the jobs', and
 * dropped whole.
 */
create table occurrence (
  definition_id uuid not null,
  scheduled_for timestamptz not null,
  customer_code text collate "C" not null,
  until timestamptz not null,
  count integer not null default 1,
  outcome text not null check (outcome in ('fired', 'late', 'skipped', 'missed')),
  reason text,
  job_day date,
  job_id uuid,
  -- From the time at which it should have fired, jitter included; null without a job.
  late_ms bigint,
  primary key (definition_id, scheduled_for),
  check ((job_id is not null) = (outcome in ('fired', 'late'))),
  check (count = 1 or job_id is null)
) partition by range (scheduled_for);
create index occurrence_of_customer on occurrence (customer_code, scheduled_for, definition_id);
-- Ranges that reach into a window from before it.
create index occurrence_range on occurrence (customer_code, scheduled_for, definition_id) where count > 1;

-- Jobs that were made for past times on demand: each time once.
create table backfill (
  definition_id uuid not null references schedule on delete cascade,
  scheduled_for timestamptz not null,
  customer_code text collate "C" not null,
  job_day date not null,
  job_id uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (definition_id, scheduled_for)
);
create index backfill_of_customer on backfill (customer_code, scheduled_for, definition_id);
create index backfill_age on backfill (created_at);

/*
 * Held jobs wait, in the state `held`, for others of their schedule to end: the one that queueOne holds, the one that cancelRunning
 * holds until what it cancelled has ended, and backfills where overlap is not allowed. Unfinished jobs of a schedule count for
 * overlap; backfills only once they are no longer held.
 */
alter table job_queue
  drop constraint job_queue_state_check,
  add constraint job_queue_state_check
    check (state in ('scheduled', 'held', 'blocked', 'ready', 'claimed', 'waiting')),
  -- When it no longer waits for what was cancelled for it.
  add column hold_until timestamptz;
create index job_queue_of_schedule on job_queue (definition_id)
  where definition_id is not null and trigger_kind in ('schedule', 'catchUp', 'backfill');
create index job_queue_overlap on job_queue (definition_id, scheduled_for) where state = 'held';

drop index job_queue_deadline;
create index job_queue_deadline on job_queue (queue_deadline)
  where queue_deadline is not null and state in ('ready', 'blocked', 'held');

-- Makes the ledger's partition of a day of UTC.
create function make_occurrence_day(day date) returns void language plpgsql as $$
declare
  child text := 'occurrence_' || to_char(day, 'YYYYMMDD');
begin
  perform pg_advisory_xact_lock(hashtext('punctual make_job_day'));
  if to_regclass(child) is not null then return; end if;
  execute format('create table %I (like occurrence including defaults including constraints)', child);
  execute format('alter table occurrence attach partition %I for values from (%L) to (%L)', child,
                 day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
end
$$;

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
  perform make_occurrence_day(day);
end
$$;

-- The days that are there already get the ledger too.
select make_occurrence_day(to_date(right(relname, 8), 'YYYYMMDD')) from pg_class where relname ~ '^job_[0-9]{8}$';
