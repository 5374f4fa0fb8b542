import { expect, test } from "vitest";
import { ConfigError, readConfig } from "./read-config.ts";
import { settings } from "./settings.ts";

function faults(environment: Record<string, string>, flags: Record<string, string> = {}): string[] {
  try {
    readConfig(environment, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n  - ").slice(1);
    throw error;
  }
  return [];
}

test("nothing said is every default, in one frozen object", () => {
  const config = readConfig({});
  expect(config).toEqual({
    host: "127.0.0.1",
    port: 8080,
    dataDir: "./.punctual",
    databaseUrl: null,
    databaseDirectUrl: null,
    tlsCert: null,
    tlsKey: null,
    metricsToken: null,
    secretKeys: null,
    publicUrl: null,
    smtpUrl: null,
    mailFrom: null,
    roles: ["api", "scheduler", "worker"],
    apiPrefix: "/vue/_api/v1",
    workerSlots: 200,
    egressAllow: [],
    egressDeny: [],
    egressProxy: null,
    egressNoProxy: [],
    egressInsecureTls: "refuse",
    maxQueued: 1_000_000,
    maxResultBytes: 16_777_216,
    maxFileBytes: 10_737_418_240,
    s3Bucket: null,
    s3Endpoint: null,
    s3Region: "us-east-1",
    s3AccessKeyId: null,
    s3SecretAccessKey: null,
    s3Prefix: "",
    retentionDays: 30,
    logLevel: "info",
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test("a flag wins over the environment, and an empty variable is none", () => {
  expect(readConfig({ PUNCTUAL_PORT: "1" }, { port: "2" }).port).toBe(2);
  expect(readConfig({ PUNCTUAL_PORT: "1" }).port).toBe(1);
  expect(readConfig({ PUNCTUAL_PORT: "", DATABASE_URL: "" })).toMatchObject({ port: 8080, databaseUrl: null });
});

test("the public address loses its slash", () => {
  expect(readConfig({ PUBLIC_URL: "https://x.example/jobs/" }).publicUrl).toBe("https://x.example/jobs");
});

test("all faults are told at once, each with where it was said, what was said, and what to say", () => {
  const environment = {
    PUNCTUAL_PORT: "x",
    DATABASE_URL: "mysql://x",
    PUNCTUAL_ROLES: "api,boss",
    PUNCTUAL_TLS_CERT: "c",
    PUBLIC_URL: "x",
    PUNCTUAL_EGRESS_DENY: "a:0,10.0.0.0/99",
    PUNCTUAL_EGRESS_PROXY: "https://ada:s3cret@proxy.example",
    PUNCTUAL_EGRESS_NO_PROXY: "*x",
    PUNCTUAL_EGRESS_INSECURE_TLS: "true",
  };
  expect(
    faults(environment, { "worker-slots": "0", "api-prefix": "/x/", "egress-allow": "http://x", "log-level": "loud" }),
  ).toEqual([
    expect.stringMatching(/^PUNCTUAL_TLS_CERT and PUNCTUAL_TLS_KEY go together/),
    expect.stringMatching(
      /^DATABASE_URL is not valid .*: must be a URL such as postgres:\/\/user:password@host:5432\/database$/,
    ),
    expect.stringMatching(/^PUNCTUAL_PORT is "x": must be a whole number from 0 to 65535$/),
    expect.stringMatching(/^PUBLIC_URL is "x"/),
    expect.stringMatching(/^PUNCTUAL_ROLES is "api,boss": must be a list of api, scheduler, worker$/),
    expect.stringMatching(/^--api-prefix is "\/x\/"/),
    expect.stringMatching(/^--worker-slots is "0": must be a whole number from 1 to 10000$/),
    expect.stringMatching(/^--egress-allow is "http:\/\/x"/),
    expect.stringMatching(/^PUNCTUAL_EGRESS_DENY is "a:0,10\.0\.0\.0\/99": .*"a:0".*"10\.0\.0\.0\/99"/),
    expect.stringMatching(/^PUNCTUAL_EGRESS_PROXY is not valid .*: must be a URL such as http:\/\/user:password@/),
    expect.stringMatching(/^PUNCTUAL_EGRESS_NO_PROXY is "\*x"/),
    expect.stringMatching(/^PUNCTUAL_EGRESS_INSECURE_TLS is "true": must be one of allow, refuse$/),
    expect.stringMatching(/^--log-level is "loud": must be one of debug, info, warn, error$/),
  ]);
});

test("what may hold credentials is not repeated", () => {
  const url = "mysql://ada:s3cret@db.example/x";
  const told = [
    ...faults({ DATABASE_URL: url }),
    ...faults({ DATABASE_URL: "postgres://ok/x", DATABASE_DIRECT_URL: url }),
    ...faults({}, { "database-url": url }),
    ...faults({ PUNCTUAL_EGRESS_PROXY: "http://ada:s3cret@db.example/path" }),
  ];
  expect(told).toHaveLength(4);
  expect(told.join()).not.toMatch(/s3cret|ada|db\.example/);
  expect(settings.metricsToken.secret).toBe(true);
});

test.each(["-1", "1.5", "65536", " 1", "1e3", ""])("the port %j is refused", (port) => {
  expect(faults({}, { port })).toHaveLength(1);
});

test("a direct address goes with one through a pooler; several hosts and a socket are addresses too", () => {
  expect(faults({ DATABASE_DIRECT_URL: "postgres://x/y" })).toHaveLength(1);
  for (const url of [
    "postgres://a,b:5433/db",
    "postgresql:///db?host=/run/postgresql",
    "postgres://u:p@[::1]:5432/db",
  ]) {
    expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
  }
});
