/**
 * What is done within an SFTP session.
 *
 * Invariants: at most {@link depth} pieces are under way at once, so memory does not grow with a file; a call ends when the session
 * does, whatever the server leaves unanswered.
 */
import type { SFTPWrapper, Stats } from "ssh2";
import { JobError } from "../model/job-errors.ts";
import type { SftpSession } from "../model/outgoing-sftp.ts";
import type { Target } from "./address-policy.ts";
import { hostAndPort } from "./egress-errors.ts";

/** Bytes that every server takes and gives in one piece (draft-ietf-secsh-filexfer-02, section 3). */
const pieceBytes = 32 * 1024;

/** Pieces that are asked for before the first has come: what keeps a far server busy. */
const depth = 16;

/** What a session runs on. */
export interface SessionEnds {
  readonly target: Target;
  /** Rejects when the connection is gone. */
  readonly gone: Promise<never>;
  end(): void;
}

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** Makes a session of what ssh2 has opened. */
export function createSftpSession(sftp: SFTPWrapper, { target, gone, end }: SessionEnds): SftpSession {
  // Errors reach whoever has asked; one that nobody has asked for must not end the process.
  sftp.on("error", () => undefined);

  function ask<T>(what: string, path: string, start: (done: Done<T>) => void): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => {
      start((error, value) => {
        if (error) reject(refusal(error, target, what, path));
        else resolve(value);
      });
    });
    answer.catch(() => undefined);
    return Promise.race([answer, gone]);
  }

  async function readPiece(path: string, handle: Buffer, position: number, length: number): Promise<Buffer> {
    const piece = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const came = await ask<number>("read", path, (done) =>
        sftp.read(handle, piece, filled, length - filled, position + filled, (error, bytes) =>
          done(isEnd(error) ? null : error, isEnd(error) ? 0 : bytes),
        ),
      );
      if (came === 0) break;
      filled += came;
    }
    return piece.subarray(0, filled);
  }

  async function* read(path: string, from: number): AsyncGenerator<Uint8Array> {
    const handle = await ask<Buffer>("read", path, (done) => sftp.open(path, "r", done));
    try {
      const { size } = await ask<Stats>("read", path, (done) => sftp.fstat(handle, done));
      const under: { readonly asked: number; readonly piece: Promise<Buffer> }[] = [];
      let next = from;
      for (;;) {
        while (under.length < depth && next < size) {
          const asked = Math.min(pieceBytes, size - next);
          const piece = readPiece(path, handle, next, asked);
          piece.catch(() => undefined);
          under.push({ asked, piece });
          next += pieceBytes;
        }
        const first = under.shift();
        if (first === undefined) return;
        const piece = await first.piece;
        if (piece.length > 0) yield piece;
        // The file has ended, whatever size the server has told.
        if (piece.length < first.asked) return;
      }
    } finally {
      sftp.close(handle, () => undefined);
    }
  }

  async function write(path: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    const handle = await ask<Buffer>("write", path, (done) => sftp.open(path, "w", done));
    try {
      const bytes = await writePieces(path, handle, content);
      // Some servers say only here that a disk is full.
      await ask<void>("write", path, (done) => sftp.close(handle, (error) => done(error, undefined)));
      return bytes;
    } catch (error) {
      sftp.close(handle, () => undefined);
      throw error;
    }
  }

  async function writePieces(path: string, handle: Buffer, content: AsyncIterable<Uint8Array>): Promise<number> {
    const under: Promise<void>[] = [];
    let position = 0;
    for await (const chunk of content) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      for (let start = 0; start < bytes.length; start += pieceBytes) {
        if (under.length >= depth) await under.shift();
        const piece = bytes.subarray(start, start + pieceBytes);
        const at = position;
        const written = ask<void>("write", path, (done) =>
          sftp.write(handle, piece, 0, piece.length, at, (error) => done(error, undefined)),
        );
        written.catch(() => undefined);
        under.push(written);
        position += piece.length;
      }
    }
    await Promise.all(under);
    return position;
  }

  async function stat(path: string): ReturnType<SftpSession["stat"]> {
    const found = await ask<Stats | null>("look at", path, (done) =>
      sftp.stat(path, (error, stats) => (statusOf(error) === noSuchFile ? done(null, null) : done(error, stats))),
    );
    return found && { bytes: found.size, modifiedAt: found.mtime };
  }

  const remove = (path: string): Promise<void> =>
    ask<void>("remove", path, (done) => sftp.unlink(path, (error) => done(error, undefined)));

  async function rename(from: string, to: string): Promise<void> {
    const done = await renameOver(from, to);
    if (done) return;
    // The protocol's own rename refuses where the new name is taken.
    if ((await stat(to)) !== null) await remove(to);
    try {
      await ask<void>("rename", from, (over) => sftp.rename(from, to, (error) => over(error, undefined)));
    } catch (error) {
      // Now, or in an earlier attempt, the old file was removed to make room.
      throw error instanceof JobError ? leftAs(from, error) : error;
    }
  }

  /** @returns false where the server does not know how */
  async function renameOver(from: string, to: string): Promise<boolean> {
    try {
      await ask<void>("rename", from, (over) => sftp.ext_openssh_rename(from, to, (error) => over(error, undefined)));
      return true;
    } catch (error) {
      // ssh2 throws what is no answer of the server's where it has not offered it.
      if (error instanceof JobError) throw error;
      return false;
    }
  }

  return { stat, read, write, rename, remove, close: end };
}

/** Statuses (draft-ietf-secsh-filexfer-02, section 7). */
const endOfFile = 1;
const noSuchFile = 2;
const permissionDenied = 3;

const meanings: Readonly<Record<number, string>> = {
  [noSuchFile]: "there is no such file or folder",
  [permissionDenied]: "the account may not",
  8: "it does not know how",
};

function statusOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "number" ? code : undefined;
}

function isEnd(error: unknown): boolean {
  return statusOf(error) === endOfFile;
}

function leftAs(path: string, error: JobError): JobError {
  const shown = path.slice(0, 500);
  const message = `${error.message} What was sent lies there whole as ${JSON.stringify(shown)}: rename it by hand, or mend what is refused and run the job again.`;
  const { code, retryable } = error;
  return new JobError(code, message, { details: { ...error.details, leftAs: shown }, retryable, cause: error });
}

function refusal(error: Error, target: Target, what: string, path: string): JobError {
  const status = statusOf(error);
  const shown = JSON.stringify(path.slice(0, 500));
  const details = { host: target.host, port: target.port, path: path.slice(0, 500), sftpStatus: status ?? null };
  const said = error.message.slice(0, 300);
  if (status === undefined) {
    const message = `The session with ${hostAndPort(target)} broke while it was to ${what} ${shown}: ${said}.`;
    return new JobError("CONNECTION_LOST", message, { details, cause: error });
  }
  const meaning = meanings[status];
  return new JobError(
    "SFTP_STATUS",
    `${hostAndPort(target)} refused to ${what} ${shown}: ${meaning === undefined ? said : `${meaning} (${said})`}. Check the path, and the rights and room of the account.`,
    { details, cause: error, retryable: meaning === undefined },
  );
}
