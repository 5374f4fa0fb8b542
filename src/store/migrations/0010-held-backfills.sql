-- needs-code: 1
-- The end of a job costs the same however many backfills its definition holds.

drop index job_queue_overlap;
create index job_queue_overlap on job_queue (definition_id, trigger_kind, scheduled_for, id) where state = 'held';

drop index job_queue_of_schedule;
create index job_queue_of_schedule on job_queue (definition_id, id)
  where definition_id is not null and trigger_kind in ('schedule', 'catchUp', 'backfill') and state <> 'held';
