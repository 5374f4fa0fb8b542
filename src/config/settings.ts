/** Every setting: its environment variable, its flag, what it means, and how its text is read. */
import { type EgressRule, parseEgressRules } from "../model/egress-rules.ts";
import { parseSecretKeys, type SecretKey } from "../model/secret-box.ts";
import {
  type NodeRole,
  nodeRoles,
  readHttpUrl,
  readInteger,
  readMailFrom,
  readOneOf,
  readPostgresUrl,
  readPrefix,
  readProxyUrl,
  readRoles,
  readSmtpUrl,
  readText,
} from "./read-values.ts";

/** The settings of a node. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** null: the same as `databaseUrl`. */
  readonly databaseDirectUrl: string | null;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  readonly metricsToken: string | null;
  /** The newest first; null: none is set. */
  readonly secretKeys: readonly SecretKey[] | null;
  /** Without a slash at its end; null: where the node listens. */
  readonly publicUrl: string | null;
  /** null: mail waits in the outbox. */
  readonly smtpUrl: string | null;
  /** null: `punctual@` and the host of `publicUrl`. */
  readonly mailFrom: string | null;
  readonly roles: readonly NodeRole[];
  readonly apiPrefix: string;
  readonly workerSlots: number;
  readonly egressAllow: readonly EgressRule[];
  /** Wins over `egressAllow`. */
  readonly egressDeny: readonly EgressRule[];
  /** null: jobs connect directly. */
  readonly egressProxy: string | null;
  /** What is called directly although there is a proxy. */
  readonly egressNoProxy: readonly EgressRule[];
  readonly egressInsecureTls: "allow" | "refuse";
  readonly maxQueued: number;
  readonly maxResultBytes: number;
  readonly maxFileBytes: number;
  /** Where files lie; null: in the data directory. */
  readonly s3Bucket: string | null;
  readonly s3Endpoint: string | null;
  readonly s3Region: string;
  readonly s3AccessKeyId: string | null;
  readonly s3SecretAccessKey: string | null;
  readonly s3Prefix: string;
  readonly retentionDays: number;
  readonly logLevel: string;
}

/** How one setting is written. */
export interface Setting<Value> {
  readonly environment: string;
  /** Absent: the environment only, so that it does not show in a list of processes. */
  readonly flag?: string;
  readonly placeholder: string;
  readonly description: string;
  /** null: there is none. */
  readonly default: string | null;
  /** Its value holds credentials, and is never repeated. */
  readonly secret?: true;
  /** @throws Error with what to write instead */
  read(text: string): Value;
}

type Settings = { readonly [Key in keyof Config]: Setting<NonNullable<Config[Key]>> };

/** In the order in which the README lists them. */
export const settings: Settings = {
  host: {
    environment: "PUNCTUAL_HOST",
    flag: "host",
    placeholder: "ADDRESS",
    description: "address to listen on",
    default: "127.0.0.1",
    read: readText,
  },
  port: {
    environment: "PUNCTUAL_PORT",
    flag: "port",
    placeholder: "PORT",
    description: "port to listen on; 0 takes a free one",
    default: "8080",
    read: (text) => readInteger(text, 0, 65_535),
  },
  dataDir: {
    environment: "PUNCTUAL_DATA_DIR",
    flag: "data-dir",
    placeholder: "FOLDER",
    description: "folder of the embedded database and the credentials",
    default: "./.punctual",
    read: readText,
  },
  databaseUrl: {
    environment: "DATABASE_URL",
    secret: true,
    flag: "database-url",
    placeholder: "URL",
    description: "PostgreSQL 15 or newer; without it the embedded one runs",
    default: null,
    read: readPostgresUrl,
  },
  databaseDirectUrl: {
    environment: "DATABASE_DIRECT_URL",
    secret: true,
    placeholder: "URL",
    description: "the same database without the transaction pooler that DATABASE_URL goes through",
    default: null,
    read: readPostgresUrl,
  },
  tlsCert: {
    environment: "PUNCTUAL_TLS_CERT",
    placeholder: "FILE",
    description: "certificate (PEM) to serve HTTPS with; needs PUNCTUAL_TLS_KEY",
    default: null,
    read: readText,
  },
  tlsKey: {
    environment: "PUNCTUAL_TLS_KEY",
    placeholder: "FILE",
    description: "private key (PEM) of the certificate",
    default: null,
    read: readText,
  },
  metricsToken: {
    environment: "PUNCTUAL_METRICS_TOKEN",
    secret: true,
    placeholder: "TOKEN",
    description: "with it as bearer, /metrics tells customers apart",
    default: null,
    read: readText,
  },
  secretKeys: {
    environment: "PUNCTUAL_SECRET_KEY",
    secret: true,
    placeholder: "KEYS",
    description:
      "32 random bytes as base64 that encrypt secrets; several, the newest first, while they change. The embedded database makes its own in the data directory",
    default: null,
    read: parseSecretKeys,
  },
  publicUrl: {
    environment: "PUBLIC_URL",
    flag: "public-url",
    placeholder: "URL",
    description: "address that people and clients use; http://<host>:<port> unless said",
    default: null,
    read: readHttpUrl,
  },
  smtpUrl: {
    environment: "SMTP_URL",
    secret: true,
    flag: "smtp-url",
    placeholder: "URL",
    description: "mail server, smtp://user:password@host:587 or smtps://…; without it mail waits in the outbox",
    default: null,
    read: readSmtpUrl,
  },
  mailFrom: {
    environment: "MAIL_FROM",
    flag: "mail-from",
    placeholder: "ADDRESS",
    description: "where mails come from, an address or `Name <address>`; punctual@<host of PUBLIC_URL> unless said",
    default: null,
    read: readMailFrom,
  },
  roles: {
    environment: "PUNCTUAL_ROLES",
    flag: "roles",
    placeholder: "LIST",
    description: "what this node does, any of api,scheduler,worker",
    default: nodeRoles.join(","),
    read: readRoles,
  },
  apiPrefix: {
    environment: "PUNCTUAL_API_PREFIX",
    flag: "api-prefix",
    placeholder: "PATH",
    description: "path before the API's addresses",
    default: "/vue/_api/v1",
    read: readPrefix,
  },
  workerSlots: {
    environment: "PUNCTUAL_WORKER_SLOTS",
    flag: "worker-slots",
    placeholder: "NUMBER",
    description: "jobs that run at once on this node",
    default: "200",
    read: (text) => readInteger(text, 1, 10_000),
  },
  egressAllow: {
    environment: "PUNCTUAL_EGRESS_ALLOW",
    flag: "egress-allow",
    placeholder: "LIST",
    description:
      "networks (CIDR), hosts and *.domains, each with :port or without, that jobs may reach although private",
    default: "",
    read: parseEgressRules,
  },
  egressDeny: {
    environment: "PUNCTUAL_EGRESS_DENY",
    flag: "egress-deny",
    placeholder: "LIST",
    description: "what jobs may not reach although it is public or allowed, written in the same way",
    default: "",
    read: parseEgressRules,
  },
  egressProxy: {
    environment: "PUNCTUAL_EGRESS_PROXY",
    secret: true,
    flag: "egress-proxy",
    placeholder: "URL",
    description: "HTTP proxy through which jobs call out, as in http://user:password@proxy.example:3128",
    default: null,
    read: readProxyUrl,
  },
  egressNoProxy: {
    environment: "PUNCTUAL_EGRESS_NO_PROXY",
    flag: "egress-no-proxy",
    placeholder: "LIST",
    description: "what jobs call without the proxy, by host, *.domain or, for URLs that hold an address, network",
    default: "",
    read: parseEgressRules,
  },
  egressInsecureTls: {
    environment: "PUNCTUAL_EGRESS_INSECURE_TLS",
    flag: "egress-insecure-tls",
    placeholder: "allow|refuse",
    description: "whether jobs may call webservices without checking their certificates (tls.insecure)",
    default: "refuse",
    read: (text) => readOneOf(text, ["allow", "refuse"]),
  },
  maxQueued: {
    environment: "PUNCTUAL_MAX_QUEUED",
    flag: "max-queued",
    placeholder: "NUMBER",
    description: "unfinished jobs that a customer may have unless `customers limit` says otherwise; more are a 429",
    default: "1000000",
    read: (text) => readInteger(text, 1, 100_000_000),
  },
  maxResultBytes: {
    environment: "PUNCTUAL_MAX_RESULT_BYTES",
    flag: "max-result-bytes",
    placeholder: "BYTES",
    description: "largest result of a job, as JSON; a larger one fails it with INVALID_RESULT",
    default: "16777216",
    read: (text) => readInteger(text, 1_024, 134_217_728),
  },
  maxFileBytes: {
    environment: "PUNCTUAL_MAX_FILE_BYTES",
    flag: "max-file-bytes",
    placeholder: "BYTES",
    description: "largest file in a bucket",
    default: "10737418240",
    read: (text) => readInteger(text, 1_024, 5_497_558_138_880),
  },
  s3Bucket: {
    environment: "S3_BUCKET",
    placeholder: "NAME",
    description:
      "bucket of S3, or of what speaks it, for the customers' files; without it they lie in the data directory",
    default: null,
    read: readText,
  },
  s3Endpoint: {
    environment: "S3_ENDPOINT",
    placeholder: "URL",
    description: "where S3 is spoken; Amazon's own unless said",
    default: null,
    read: readHttpUrl,
  },
  s3Region: {
    environment: "S3_REGION",
    placeholder: "REGION",
    description: "region of the S3 bucket",
    default: "us-east-1",
    read: readText,
  },
  s3AccessKeyId: {
    environment: "S3_ACCESS_KEY_ID",
    placeholder: "ID",
    description: "key for S3; what the machine's environment offers unless said",
    default: null,
    read: readText,
  },
  s3SecretAccessKey: {
    environment: "S3_SECRET_ACCESS_KEY",
    secret: true,
    placeholder: "SECRET",
    description: "the key's secret",
    default: null,
    read: readText,
  },
  s3Prefix: {
    environment: "S3_PREFIX",
    placeholder: "TEXT",
    description: "what the name of each S3 object begins with",
    default: "",
    read: readText,
  },
  retentionDays: {
    environment: "PUNCTUAL_RETENTION_DAYS",
    flag: "retention-days",
    placeholder: "DAYS",
    description: "how long jobs are kept after their end, with their logs and results",
    default: "30",
    read: (text) => readInteger(text, 1, 3_650),
  },
  logLevel: {
    environment: "PUNCTUAL_LOG_LEVEL",
    flag: "log-level",
    placeholder: "LEVEL",
    description: "debug, info, warn or error",
    default: "info",
    read: (text) => readOneOf(text, ["debug", "info", "warn", "error"]),
  },
};
