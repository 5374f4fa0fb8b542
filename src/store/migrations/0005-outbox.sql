-- needs-code: 3
-- People are told: mails, webhooks, notifications, alerts.

alter table job
  -- Whether its end makes a notification.
  add column notifies boolean not null default false,
  -- Whether its end may have to be told to somebody in another way: by mail, webhook or alert.
  add column tells boolean not null default false;

-- Jobs that are under way are told of too.
update job j
   set notifies = q.options ->> 'skipNotification' = 'false',
       tells = 'true' in (q.options ->> 'sendCompletionEmail', q.options ->> 'sendFailureEmail')
  from job_queue q
 where j.customer_code = q.customer_code and j.day = q.day and j.id = q.id;

-- What people find in the page: one row for all jobs of a customer that one statement has ended, or for one alert.
create table notification (
  customer_code text collate "C" not null,
  at timestamptz not null,
  notification_id uuid not null default gen_random_uuid(),
  job_days date[],
  job_ids uuid[],
  alert json,
  check ((alert is null) = (job_ids is not null)),
  primary key (customer_code, at, notification_id)
);
create index notification_alert on notification (notification_id) where alert is not null;
create index notification_age on notification using brin (at) with (pages_per_range = 32, autosummarize = on);

-- Up to when a person has read everything, and what the person has read since.
create table notification_reader (
  user_id uuid primary key references app_user on delete cascade,
  read_until timestamptz not null
);
create table notification_read (
  user_id uuid not null references app_user on delete cascade,
  -- Of the alert, or of the job.
  notification_id uuid not null,
  at timestamptz not null,
  primary key (user_id, notification_id)
);
create index notification_read_age on notification_read (at);

-- What has happened and is still to be told; a background service makes deliveries of it.
create table happening (
  happening_id uuid primary key default gen_random_uuid(),
  customer_code text collate "C" not null,
  kind text not null,
  at timestamptz not null,
  definition_id uuid,
  job_day date,
  job_id uuid,
  facts json,
  attempts smallint not null default 0,
  due_at timestamptz not null
) with (fillfactor = 90, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
create index happening_due on happening (due_at, at);

-- What is sent to one destination, and what became of it. A claim moves due_at to the end of its lease.
create table delivery (
  delivery_id uuid primary key,
  customer_code text collate "C" not null,
  kind text not null check (kind in ('mail', 'webhook')),
  -- Deliveries of one lane may wait for one another; those of different lanes never do.
  lane text collate "C" not null,
  event text not null,
  destination text not null,
  job_definition_code text collate "C",
  job_day date,
  job_id uuid,
  content json not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'givenUp')),
  attempts integer not null default 0,
  lease uuid,
  due_at timestamptz not null,
  created_at timestamptz not null,
  first_tried_at timestamptz,
  ended_at timestamptz,
  answer text
) with (fillfactor = 70);
create index delivery_due on delivery (lane, due_at) where state = 'waiting';
create index delivery_of_customer on delivery (customer_code, delivery_id);
create index delivery_of_job on delivery (customer_code, job_id, delivery_id) where job_id is not null;
create index delivery_ended on delivery (ended_at) where ended_at is not null;
create index delivery_created on delivery (created_at) where state = 'waiting';

-- What alerts go by, for each definition that has some.
create table definition_watch (
  definition_id uuid primary key references job_definition on delete cascade,
  -- From when a success was to be expected: when the watch began, or the definition was last paused.
  watched_since timestamptz not null,
  failures_in_row integer not null default 0,
  last_success_at timestamptz,
  -- Whether somebody was told that there is no success, and none has come since.
  silent boolean not null default false
);
create index job_definition_alerts on job_definition (definition_id) where (options -> 'alerts') is not null;

-- When an alert was last told, and how many more have been held back since.
create table definition_alert (
  definition_id uuid not null references job_definition on delete cascade,
  -- The kind, and what it goes by: `failures 3`.
  rule text not null,
  -- What it was about, so that one thing is told once.
  subject text not null,
  told_at timestamptz not null,
  held_back integer not null default 0,
  -- The last one that was held back.
  news json,
  primary key (definition_id, rule)
);
create index definition_alert_held_back on definition_alert (told_at) where held_back > 0;

-- Every end of a job is an update of its row that takes it from STARTED, by whatever statement, and no row is updated
-- after its end. So this is the one place that all ends pass.
create function note_job_ends() returns trigger language plpgsql as $$
begin
  insert into notification (customer_code, at, job_days, job_ids)
  select customer_code, max(finished_at), array_agg(day order by id), array_agg(id order by id)
    from ended where notifies and status <> 'STARTED'
   group by customer_code;
  insert into happening (customer_code, kind, at, definition_id, job_day, job_id, due_at)
  select customer_code, 'jobEnded', finished_at, definition_id, day, id, finished_at
    from ended where tells and status <> 'STARTED';
  return null;
end
$$;
create trigger note_job_ends after update on job
  referencing new table as ended for each statement execute function note_job_ends();

-- The same for occurrences that did not come on time, of definitions that watch for something. A row that covers several
-- grows with each.
create function note_occurrences() returns trigger language plpgsql as $$
begin
  insert into happening (customer_code, kind, at, definition_id, job_day, job_id, facts, due_at)
  select n.customer_code, n.outcome, app_now(), n.definition_id, n.job_day, n.job_id,
         json_build_object('scheduledFor', n.until, 'reason', n.reason, 'lateMs', n.late_ms), app_now()
    from noted n join job_definition d using (definition_id)
   where n.outcome <> 'fired' and (d.options -> 'alerts') is not null;
  return null;
end
$$;
create trigger note_new_occurrences after insert on occurrence
  referencing new table as noted for each statement execute function note_occurrences();
create trigger note_more_occurrences after update on occurrence
  referencing new table as noted for each statement execute function note_occurrences();
