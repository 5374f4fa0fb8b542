import { type JobContext, JobError, type SftpSession } from "../contract.ts";
import { openSession, sftpPath } from "../shared/sftp.ts";
import type { FileBody } from "./file-body.ts";
import type { Params } from "./params.ts";
import type { Result } from "./result.ts";

/**
 * Sends a file by SFTP, under a name of its own until it is whole: whoever watches the folder never sees half of it.
 *
 * @param params checked, with nothing left to be filled in
 * @throws JobError as `ctx.sftp` says, CHECKSUM_MISMATCH, and what reading the file fails with
 */
export async function sendBySftp(ctx: JobContext, params: Params, file: FileBody): Promise<Pick<Result, "url">> {
  const path = sftpPath(params.url);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  // The same for every attempt: what one that died has left is written over by the next.
  const part = `${folder}.${ctx.job.id}.part`;
  const session = await openSession(ctx, params);
  try {
    await sendWhole(session, part, file);
    await session.rename(part, path);
  } catch (error) {
    if (error instanceof JobError && "leftAs" in (error.details ?? {})) throw error;
    await session.remove(part).catch((fault: unknown) => {
      ctx.log.warn(`${part} may be left on the server: ${fault instanceof Error ? fault.message : String(fault)}`);
    });
    throw error;
  } finally {
    session.close();
  }
  return { url: params.url };
}

async function sendWhole(session: SftpSession, part: string, file: FileBody): Promise<void> {
  await session.write(part, file.open());
  const bytes = (await session.stat(part))?.bytes;
  if (bytes === file.bytes) return;
  const message = `The server has ${bytes ?? "no"} bytes of the ${file.bytes} that were sent; the file did not get its name.`;
  throw new JobError("CHECKSUM_MISMATCH", message, { details: { expectedBytes: file.bytes, bytes: bytes ?? null } });
}
