-- needs-code: 1
-- What a rule was told of: several things, where they go on at the same time, as runs that take long do.
alter table definition_alert add column subjects text[] not null default '{}';
update definition_alert set subjects = array[subject];
alter table definition_alert drop column subject;
