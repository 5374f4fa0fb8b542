/** Pools of connections of the `postgres` package, as we want them set. */
import postgres from "postgres";

/** Where PostgreSQL is: one URL (several hosts allowed), or the socket of the embedded one. */
export type Connection =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string };

/** The part of a logger that is needed here. */
export interface StoreLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Connections of the `postgres` package; dates arrive as `Date`, days as text. */
export type Pool = postgres.Sql<{ date: Date; day: string }>;

/** How to open a pool. */
export interface PoolOptions {
  readonly connection: Connection;
  readonly max: number;
  /** `pooler`: each statement may meet another session, so none may be prepared and none may set anything. */
  readonly through: "nothing" | "pooler";
  /** PostgreSQL itself ends a statement after this, so that one is not at work long after its caller has given up. */
  readonly statementTimeoutMs?: number;
  /** `once`: a statement is planned for all values when a connection first meets it, rather than for each anew. */
  readonly plans?: "once";
  readonly log: StoreLog;
  /** Hears that a connection has ended, or could not be made. */
  readonly onClose?: () => void;
  /** Hears NOTIFY. */
  readonly onNotify?: (channel: string, payload: string) => void;
}

const longestPauseSeconds = 1;

/** The package's own pauses grow to 20 s, counted over all connections: a short outage would last that long. */
function pauseSeconds(failures: number): number {
  return Math.min(0.025 * 2 ** Math.min(failures, 10), longestPauseSeconds) * (0.5 + Math.random() / 2);
}

/** Opens a pool; connections are made when they are first needed. */
export function openPool(options: PoolOptions): Pool {
  const { connection, log, statementTimeoutMs, onClose } = options;
  const settings = {
    max: options.max,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    backoff: pauseSeconds,
    target_session_attrs: "primary" as const,
    prepare: options.through === "nothing",
    onnotice: (notice: postgres.Notice) => log.debug({ notice }, "notice from PostgreSQL"),
    onclose: () => onClose?.(),
    onnotify: options.onNotify,
    connection: {
      application_name: "punctual",
      ...(statementTimeoutMs !== undefined &&
        options.through === "nothing" && { statement_timeout: statementTimeoutMs }),
      ...(options.plans === "once" &&
        options.through === "nothing" && { plan_cache_mode: "force_generic_plan" as const }),
    },
    types: {
      date: {
        to: 1184,
        from: [1114, 1184],
        // Also each time of an array, which is given as text already (sql.ts).
        serialize: (value: Date | string) => (typeof value === "string" ? value : value.toISOString()),
        parse: (text: string) => new Date(text),
      },
      day: { to: 1082, from: [1082], serialize: (value: string) => value, parse: (text: string) => text },
    },
  };
  const socket = "url" in connection ? readSocketUrl(connection.url) : connection;
  if ("url" in socket) return postgres(socket.url, settings);
  return postgres({ ...settings, ...socket });
}

/** `postgres:///database?host=/folder&user=name`, as libpq writes a socket (PostgreSQL docs, "Connection URIs"). */
function readSocketUrl(text: string): Connection {
  const url = URL.parse(text);
  const host = url?.searchParams.get("host");
  if (!url || !host?.startsWith("/")) return { url: text };
  const { searchParams, pathname } = url;
  return {
    host,
    port: Number(searchParams.get("port") ?? 5432),
    user: searchParams.get("user") ?? "postgres",
    database: decodeURIComponent(pathname.slice(1)),
  };
}

/** Runs one statement and answers its rows. */
export async function runOn<Row extends object>(
  runner: Pool,
  text: TemplateStringsArray,
  values: readonly postgres.ParameterOrFragment<Date | string>[],
): Promise<Row[]> {
  return [...(await runner<Row[]>(text, ...values))];
}
