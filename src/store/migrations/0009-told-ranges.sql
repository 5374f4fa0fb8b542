-- needs-code: 1
-- An alert for occurrences that share a row of the ledger says how many they are, and since when. What somebody has
-- skipped on purpose, by a pause or by removing the schedule, is no news.

create or replace function note_occurrences() returns trigger language plpgsql as $$
begin
  insert into happening (customer_code, kind, at, definition_id, job_day, job_id, facts, due_at)
  select n.customer_code, n.outcome, app_now(), n.definition_id, n.job_day, n.job_id,
         json_build_object('from', n.scheduled_for, 'scheduledFor', n.until, 'count', n.count,
                           'reason', n.reason, 'lateMs', n.late_ms), app_now()
    from noted n join job_definition d using (definition_id)
   where n.outcome <> 'fired' and (d.options -> 'alerts') is not null
     and coalesce(n.reason, '') not in ('paused', 'the schedule was removed');
  return null;
end
$$;
