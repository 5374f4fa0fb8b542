-- needs-code: 1
-- Secrets: values that jobs use and nobody reads.

-- The value as AES-256-GCM left it (nonce, then text with its tag); customer, code and hosts are authenticated with it, so
-- a row that is moved or changed by hand does not decrypt.
create table secret (
  customer_code text collate "C" not null references customer,
  secret_code text collate "C" not null,
  key_id text collate "C" not null,
  nonce bytea not null,
  ciphertext bytea not null,
  -- null: may be sent to any host.
  hosts text[],
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  updated_by text not null,
  primary key (customer_code, secret_code)
);
create index secret_key on secret (key_id);
