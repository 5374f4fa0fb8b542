-- needs-code: 1
-- What definitions said, save by save, so that people can compare and go back.
--
-- Invariants: the newest row of a definition is what it says now; a row is written with the save itself and never changed; a save that
-- changes nothing, a pause and a resumption raise the definition's version and write none, so that the content of a version is that of
-- the newest row up to it.

create table definition_content (
  definition_id uuid not null references job_definition on delete cascade,
  -- The version of the definition that the save made.
  version integer not null,
  -- {jobType, name, description, schedule, params, options}, as they were given: what is absent has its default.
  content json not null,
  saved_at timestamptz not null default app_now(),
  saved_by text,
  primary key (definition_id, version)
);

insert into definition_content (definition_id, version, content, saved_at, saved_by)
select definition_id, version,
       json_build_object('jobType', job_type, 'name', name, 'description', description, 'schedule', schedule,
                         'params', params, 'options', options),
       updated_at, updated_by
  from job_definition;
