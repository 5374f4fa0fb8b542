import { type JobContext, JobError, type SftpFile, type SftpSession } from "../contract.ts";
import { openSession, sftpPath } from "../shared/sftp.ts";
import type { Params } from "./params.ts";
import { type Opened, type Source, StartAnew } from "./source.ts";

/** A file that is fetched by SFTP; what is left of a broken one is taken only if the file is the same by length and time. */
export function createSftpSource(ctx: JobContext, params: Params): Source {
  const path = sftpPath(params.url);
  let session: SftpSession | undefined;
  let version: SftpFile | undefined;

  async function open(from: number): Promise<Opened> {
    session?.close();
    session = await openSession(ctx, params);
    const found = await session.stat(path);
    if (!found) {
      throw new JobError(
        "SFTP_STATUS",
        `There is no file ${JSON.stringify(path.slice(0, 500))}; check the path in url.`,
        {
          retryable: false,
        },
      );
    }
    if (from > 0 && (found.bytes !== version?.bytes || found.modifiedAt !== version.modifiedAt)) {
      throw new StartAnew("the file has changed meanwhile");
    }
    version = found;
    return { body: session.read(path, from), totalBytes: found.bytes };
  }

  return { open, close: () => session?.close() };
}
