/** The server's settings: durable, and sized for a small machine that it shares with the node. */
import { socketPort } from "./socket-folder.ts";

/** Nobody may change these: they are what keeps the server private, durable to the supervisor's promises, and legible to it. */
function fixedSettings(socketFolder: string): Record<string, string> {
  return {
    listen_addresses: "",
    port: String(socketPort),
    // The setting is a list, in which quotes protect spaces and commas.
    unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: "0700",
    logging_collector: "off",
    log_destination: "stderr",
    lc_messages: "C",
    log_line_prefix: "",
  };
}

const defaults: Readonly<Record<string, string>> = {
  fsync: "on",
  synchronous_commit: "on",
  full_page_writes: "on",
  max_connections: "100",
  shared_buffers: "128MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  effective_cache_size: "512MB",
  random_page_cost: "1.1",
  // A crash then replays at most about a gigabyte.
  max_wal_size: "1GB",
  checkpoint_timeout: "10min",
  wal_compression: "on",
  // The queue's table lives on frequent vacuums.
  autovacuum_naptime: "10s",
  // Short statements by the thousand: compiling or spreading one costs more than it saves.
  jit: "off",
  max_parallel_workers_per_gather: "0",
  // Nothing here replicates; this saves a process.
  max_logical_replication_workers: "0",
  // Containers give /dev/shm 64 MB, and systemd empties it when an ordinary user logs out.
  dynamic_shared_memory_type: "mmap",
  timezone: "UTC",
  log_timezone: "UTC",
  // Details and statements would carry customers' data into the log.
  log_error_verbosity: "terse",
  log_min_error_statement: "panic",
};

/**
 * The server's command line.
 *
 * @param overrides settings by PostgreSQL's names; they win over all but the socket's and the log's
 */
export function serverArguments(
  data: string,
  socketFolder: string,
  overrides: Readonly<Record<string, string>>,
): string[] {
  const settings = { ...defaults, ...overrides, ...fixedSettings(socketFolder) };
  return ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
}
