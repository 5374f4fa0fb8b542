-- needs-code: 1
-- People who use the page: sessions, and links that open one.

-- A session acts with a key, never with more than it; it ends with the key. A link opens one session, once.
create table web_session (
  web_session_id text collate "C" primary key,
  kind text not null check (kind in ('session', 'link')),
  api_key_id text collate "C" not null references api_key on delete cascade,
  secret_hash bytea not null,
  created_at timestamptz not null default app_now(),
  expires_at timestamptz not null
);
create index web_session_key on web_session (api_key_id);
create index web_session_expiry on web_session (expires_at);
