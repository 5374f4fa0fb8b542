/** SFTP as the params of a transfer describe it. */
import { type JobContext, JobError, type SftpSession } from "../contract.ts";
import type { RemoteParams } from "./transfer-params.ts";

/** Whether the address is one of sftp. */
export function isSftp({ url }: Pick<RemoteParams, "url">): boolean {
  return new URL(url).protocol === "sftp:";
}

/** The path on the server. @param url checked */
export function sftpPath(url: string): string {
  const path = decodeURIComponent(new URL(url).pathname);
  return path.startsWith("/~/") ? path.slice(3) : path;
}

/**
 * Opens a session.
 *
 * @param params checked, with nothing left to be filled in
 * @throws JobError as `ctx.sftp` says
 */
export function openSession(ctx: JobContext, { url, auth, hostKey = [] }: RemoteParams): Promise<SftpSession> {
  if (auth?.type !== "basic" && auth?.type !== "privateKey") {
    throw new JobError("INVALID_PARAMS", "/auth: must be basic or privateKey for sftp");
  }
  const { host } = new URL(url);
  ctx.log.info(`sftp ${auth.username}@${host}`);
  return ctx.sftp({
    url: new URL(url),
    username: auth.username,
    ...(auth.type === "basic" ? { password: auth.password } : { privateKey: auth.privateKey }),
    ...(auth.type === "privateKey" && auth.passphrase !== undefined && { passphrase: auth.passphrase }),
    hostKeys: typeof hostKey === "string" ? [hostKey] : hostKey,
    signal: ctx.signal,
  });
}
