import type { Config } from "../config/settings.ts";

/** Where a node that listens on `port` is reached. */
export function originAt(config: Config, port: number): string {
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  return `${config.tlsCert === null ? "http" : "https"}://${host}:${port}`;
}

/** The address that people and clients are given: PUBLIC_URL, or else where the node listens. */
export function addressAt(config: Config, port: number): string {
  return config.publicUrl ?? originAt(config, port);
}
