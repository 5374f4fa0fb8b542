-- needs-code: 1
-- Customers, their people and keys, definitions, jobs, the queue, the nodes.

-- The one clock. Plain SQL without SET or SECURITY DEFINER, so that it inlines and indexes serve it.
create function app_now() returns timestamptz
  language sql stable parallel safe
  as 'select statement_timestamp()';

create table customer (
  customer_code text collate "C" primary key,
  created_at timestamptz not null default app_now()
);

create table app_user (
  user_id uuid primary key,
  customer_code text collate "C" not null references customer,
  email text not null,
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'editor', 'admin')),
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now()
);
create unique index app_user_email on app_user (customer_code, lower(email));

create table api_key (
  api_key_id text collate "C" primary key,
  customer_code text collate "C" not null references customer,
  user_id uuid not null references app_user on delete cascade,
  name text not null,
  role text not null check (role in ('viewer', 'operator', 'editor', 'admin')),
  secret_hash bytea not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default app_now(),
  created_by text not null
);
create index api_key_customer on api_key (customer_code, created_at);
create index api_key_user on api_key (user_id);

-- Ids are UUIDs of version 7: the order of the index is the order of time.
create table audit_event (
  customer_code text collate "C" not null,
  audit_event_id uuid not null,
  at timestamptz not null default app_now(),
  actor text not null,
  action text not null,
  subject text not null,
  details json,
  primary key (customer_code, audit_event_id)
);

create table job_definition (
  definition_id uuid primary key,
  customer_code text collate "C" not null references customer,
  job_definition_code text collate "C" not null,
  job_type text not null,
  name text not null,
  description text not null,
  params json not null,
  options json not null,
  schedule json,
  schedule_saved_by text,
  paused boolean not null default false,
  paused_reason text,
  paused_by text,
  next_fire_at timestamptz,
  max_concurrent integer,
  version integer not null default 1,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  updated_by text,
  unique (customer_code, job_definition_code)
);

-- History: written at a job's creation and at its end, nothing else. Nothing has a foreign key to it, and it has no
-- default partition: a row for a day that is not there fails, the day is made, and the insert goes again.
create table job (
  day date not null,
  id uuid not null,
  customer_code text collate "C" not null,
  job_type text not null,
  definition_id uuid,
  job_definition_code text collate "C",
  definition_version integer,
  params json not null,
  options json not null,
  priority smallint not null,
  max_attempts smallint not null,
  trigger_kind text not null,
  trigger_by text,
  scheduled_for timestamptz,
  status text not null default 'STARTED' check (status in ('STARTED', 'COMPLETED', 'FAILED')),
  result json,
  error json,
  attempt smallint not null default 0,
  created_at timestamptz not null,
  run_at timestamptz not null,
  first_started_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (customer_code, day, id)
) partition by range (day);
create index job_of_definition on job (definition_id, day, id) where definition_id is not null;

-- Runs before the last one: the last is told by the job itself, so a job that runs well at once writes none.
create table job_attempt (
  day date not null,
  job_id uuid not null,
  run smallint not null,
  attempt smallint not null,
  node_id uuid,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  outcome text not null check (outcome in ('FAILED', 'LOST', 'HANDED_BACK')),
  error json,
  primary key (day, job_id, run)
) partition by range (day);

-- The queue: one row per unfinished job. Small and hot, so its dead rows are swept at once.
create table job_queue (
  id uuid primary key,
  day date not null,
  customer_code text collate "C" not null,
  job_type text not null,
  definition_id uuid,
  priority smallint not null,
  run_at timestamptz not null,
  state text collate "C" not null check (state in ('scheduled', 'blocked', 'ready', 'claimed', 'waiting')),
  runs smallint not null default 0,
  attempts_used smallint not null default 0,
  losses smallint not null default 0,
  fail_on_loss boolean not null,
  claim uuid,
  node_id uuid,
  first_started_at timestamptz,
  started_at timestamptz,
  progress json,
  -- A copy of all that a run needs, so that a claim reads this table alone: planning a read of `job`, with its days, would cost
  -- more than the claim.
  job_definition_code text collate "C",
  trigger_kind text not null,
  trigger_by text,
  scheduled_for timestamptz,
  created_at timestamptz not null,
  params json not null,
  options json not null,
  check ((state = 'claimed') = (claim is not null))
) with (
  fillfactor = 60,
  autovacuum_vacuum_threshold = 500,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_analyze_threshold = 5000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_vacuum_cost_delay = 0
);
create index job_queue_ready on job_queue (customer_code, priority, run_at, id) where state = 'ready';
create index job_queue_scheduled on job_queue (run_at) where state = 'scheduled';
create index job_queue_claimed on job_queue (node_id) where state = 'claimed';

-- A kept answer to `_execute`: 24 h per customer and key.
create table idempotency_key (
  customer_code text collate "C" not null,
  key text collate "C" not null,
  path text not null,
  body_hash bytea not null,
  job_day date not null,
  job_id uuid not null,
  created_at timestamptz not null,
  primary key (customer_code, key)
);
create index idempotency_key_age on idempotency_key (created_at);

-- One row per start of a process.
create table node (
  node_id uuid primary key,
  name text not null,
  roles text[] not null,
  started_at timestamptz not null default app_now(),
  beat_at timestamptz not null default app_now()
) with (fillfactor = 50);
