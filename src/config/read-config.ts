import { type Config, type Setting, settings } from "./settings.ts";

/** Everything that is wrong with the settings, at once. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The settings are not valid:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "ConfigError";
  }
}

/** Values of flags by their names, without dashes. */
export type Flags = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings: a flag wins over the environment, the environment over the default. An empty variable is none.
 *
 * @returns one frozen object
 * @throws ConfigError with all faults
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, flags: Flags = {}): Config {
  const problems: string[] = [];

  function read<Value>(setting: Setting<Value>): Value | null {
    const flag = setting.flag === undefined ? undefined : flags[setting.flag];
    const text = flag ?? (environment[setting.environment] || undefined) ?? setting.default;
    if (text === null) return null;
    try {
      return setting.read(text);
    } catch (error) {
      const name = flag === undefined ? setting.environment : `--${setting.flag}`;
      const said = setting.secret
        ? "not valid (it may hold a password and is not repeated here)"
        : JSON.stringify(text);
      problems.push(`${name} is ${said}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  /** For settings that have a default: null stands for a fault that has been noted. */
  function readOr<Value>(setting: Setting<Value>, instead: Value): Value {
    return read(setting) ?? instead;
  }

  const tlsCert = read(settings.tlsCert);
  const tlsKey = read(settings.tlsKey);
  if ((tlsCert === null) !== (tlsKey === null)) {
    problems.push("PUNCTUAL_TLS_CERT and PUNCTUAL_TLS_KEY go together: set both or neither");
  }
  const databaseUrl = read(settings.databaseUrl);
  const databaseDirectUrl = read(settings.databaseDirectUrl);
  if (databaseDirectUrl !== null && databaseUrl === null) {
    problems.push("DATABASE_DIRECT_URL goes with DATABASE_URL: set both, or neither for the embedded PostgreSQL");
  }
  const s3Bucket = read(settings.s3Bucket);
  const s3AccessKeyId = read(settings.s3AccessKeyId);
  const s3SecretAccessKey = read(settings.s3SecretAccessKey);
  if ((s3AccessKeyId === null) !== (s3SecretAccessKey === null)) {
    problems.push("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together: set both or neither");
  }
  const config: Config = {
    host: readOr(settings.host, ""),
    port: readOr(settings.port, 0),
    dataDir: readOr(settings.dataDir, ""),
    databaseUrl,
    databaseDirectUrl,
    tlsCert,
    tlsKey,
    metricsToken: read(settings.metricsToken),
    secretKeys: read(settings.secretKeys),
    publicUrl: read(settings.publicUrl),
    smtpUrl: read(settings.smtpUrl),
    mailFrom: read(settings.mailFrom),
    roles: readOr(settings.roles, []),
    apiPrefix: readOr(settings.apiPrefix, ""),
    workerSlots: readOr(settings.workerSlots, 1),
    egressAllow: readOr(settings.egressAllow, []),
    egressDeny: readOr(settings.egressDeny, []),
    egressProxy: read(settings.egressProxy),
    egressNoProxy: readOr(settings.egressNoProxy, []),
    egressInsecureTls: readOr(settings.egressInsecureTls, "refuse"),
    maxQueued: readOr(settings.maxQueued, 1),
    maxResultBytes: readOr(settings.maxResultBytes, 1_024),
    maxFileBytes: readOr(settings.maxFileBytes, 1_024),
    s3Bucket,
    s3Endpoint: read(settings.s3Endpoint),
    s3Region: readOr(settings.s3Region, ""),
    s3AccessKeyId,
    s3SecretAccessKey,
    s3Prefix: readOr(settings.s3Prefix, ""),
    retentionDays: readOr(settings.retentionDays, 1),
    logLevel: readOr(settings.logLevel, "info"),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}
