-- needs-code: 1
-- Buckets and the files in them. The bytes lie in storage (`src/files/`), under the id of a blob; what is here says what they are.
--
-- States of a blob: pending (being written by a node) → live (a file has it) → garbage (no file has it any more) → gone.
-- Invariants: a row is there before the first byte is, and until the last byte is gone, so that nothing lies in storage unknown;
-- a blob that is live is whole and has exactly one file; what its writer left pending when its node died is garbage.

create table bucket (
  bucket_id uuid primary key,
  customer_code text collate "C" not null references customer,
  bucket_code text collate "C" not null,
  name text not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  unique (customer_code, bucket_code)
);

create table blob (
  blob_id uuid primary key,
  customer_code text collate "C" not null,
  state text not null check (state in ('pending', 'live', 'garbage')),
  -- The node that writes it, while it is pending.
  node_id uuid not null,
  changed_at timestamptz not null default app_now()
);

create index blob_to_sweep on blob (changed_at) where state <> 'live';

create table bucket_file (
  bucket_id uuid not null references bucket,
  filename text collate "C" not null,
  blob_id uuid not null unique references blob,
  bytes bigint not null check (bytes >= 0),
  -- Of the bytes as they are stored.
  sha256 bytea not null check (length(sha256) = 32),
  created_at timestamptz not null default app_now(),
  -- The job that works on it: while that job is unfinished no other may.
  held_by uuid,
  primary key (bucket_id, filename)
);

-- Which storage the bytes of this database lie in: a node whose storage says otherwise would not find them.
create table file_storage (
  only_row boolean primary key default true check (only_row),
  storage_id uuid not null
);

-- What a job has made of a file, so that a run that begins again after that was committed does not look for the file anew.
create table file_outcome (
  job_id uuid not null,
  filename text collate "C" not null,
  outcome json not null,
  made_at timestamptz not null default app_now(),
  primary key (job_id, filename)
);

create index file_outcome_made_at on file_outcome (made_at);

insert into bucket (bucket_id, customer_code, bucket_code, name)
select gen_random_uuid(), customer_code, code, initcap(code)
  from customer cross join unnest(array['incoming', 'processed', 'skipped', 'invalid']) as code;
