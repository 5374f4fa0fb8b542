/** An SFTP server on ssh2's, with its files in memory. */
import { createHash, generateKeyPairSync } from "node:crypto";
import ssh2, { type Connection, type SFTPWrapper } from "ssh2";

const { STATUS_CODE } = ssh2.utils.sftp;

export interface SftpServer {
  readonly port: number;
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  readonly files: Map<string, Buffer>;
  /** Every name under which something was opened for writing. */
  readonly written: string[];
  /** Logins that were tried. */
  readonly logins: string[];
  /** After so many bytes of reads the connection is cut, once; null: never. */
  cutAfterBytes: number | null;
  /** After so many bytes, written or read, nothing is answered any more; null: never. */
  holdAfterBytes: number | null;
  /** What every file is said to be long; null: what it is. */
  claimedBytes: number | null;
  /** Whether no file gets another name. */
  refusesRename: boolean;
  /** Hears that nothing more is answered. */
  onHold: () => void;
  /** Those that are open. */
  connections(): number;
  close(): Promise<void>;
}

/** The account that the server knows. */
export const sftpAccount = { username: "shop", password: "sftp-pass-7391" };

/** Starts one; it takes the account's password, and its key where one is given. */
export async function startSftpServer(publicKey?: string): Promise<SftpServer> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const allowed = publicKey === undefined ? undefined : ssh2.utils.parseKey(publicKey);
  if (allowed instanceof Error) throw allowed;
  const files = new Map<string, Buffer>();
  const written: string[] = [];
  const logins: string[] = [];
  const open = new Set<Connection>();
  const state: Pick<SftpServer, "cutAfterBytes" | "holdAfterBytes" | "claimedBytes" | "refusesRename" | "onHold"> = {
    cutAfterBytes: null,
    holdAfterBytes: null,
    claimedBytes: null,
    refusesRename: false,
    onHold: () => undefined,
  };

  const server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    open.add(client);
    client.on("close", () => open.delete(client));
    client.on("error", () => undefined);
    client.on("authentication", (ctx) => {
      logins.push(ctx.method);
      if (ctx.method === "password" && ctx.username === sftpAccount.username && ctx.password === sftpAccount.password) {
        return ctx.accept();
      }
      if (ctx.method === "publickey" && allowed && ctx.key.data.equals(allowed.getPublicSSH())) {
        if (!ctx.signature || !ctx.blob) return ctx.accept();
        if (allowed.verify(ctx.blob, ctx.signature, ctx.hashAlgo) === true) return ctx.accept();
      }
      ctx.reject(["password", "publickey"]);
    });
    client.on("session", (accept) => accept().on("sftp", (start) => serve(start(), client)));
  });

  function serve(sftp: SFTPWrapper, client: Connection): void {
    const handles = new Map<number, string>();
    let next = 0;
    let read = 0;
    let moved = 0;
    const holds = (bytes: number): boolean => {
      moved += bytes;
      if (state.holdAfterBytes === null || moved <= state.holdAfterBytes) return false;
      state.onHold();
      return true;
    };
    const pathOf = (handle: Buffer): string => handles.get(handle.readUInt32BE(0)) ?? "";
    const attributes = (bytes: number) => ({
      mode: 0o100644,
      uid: 0,
      gid: 0,
      size: bytes,
      atime: 1_700_000_000,
      mtime: 1_700_000_000,
    });
    const stat = (id: number, path: string): void => {
      const file = files.get(path);
      if (file) sftp.attrs(id, attributes(state.claimedBytes ?? file.length));
      else sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
    };
    sftp.on("OPEN", (id: number, path: string, flags: number) => {
      const forWriting = (flags & ssh2.utils.sftp.OPEN_MODE.WRITE) !== 0;
      if (path.startsWith("/locked/")) return sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
      if (!forWriting && !files.has(path)) return sftp.status(id, STATUS_CODE.NO_SUCH_FILE);
      if (forWriting) {
        written.push(path);
        files.set(path, Buffer.alloc(0));
      }
      const handle = Buffer.alloc(4);
      handle.writeUInt32BE(next);
      handles.set(next, path);
      next += 1;
      sftp.handle(id, handle);
    });
    sftp.on("READ", (id: number, handle: Buffer, offset: number, length: number) => {
      const piece = files.get(pathOf(handle))?.subarray(offset, offset + length) ?? Buffer.alloc(0);
      if (piece.length === 0) return sftp.status(id, STATUS_CODE.EOF);
      if (holds(piece.length)) return;
      read += piece.length;
      if (state.cutAfterBytes !== null && read > state.cutAfterBytes) {
        state.cutAfterBytes = null;
        return client.end();
      }
      sftp.data(id, piece);
    });
    sftp.on("WRITE", (id: number, handle: Buffer, offset: number, data: Buffer) => {
      if (holds(data.length)) return;
      const path = pathOf(handle);
      const before = files.get(path) ?? Buffer.alloc(0);
      const grown = Buffer.alloc(Math.max(before.length, offset + data.length));
      before.copy(grown);
      data.copy(grown, offset);
      files.set(path, grown);
      sftp.status(id, STATUS_CODE.OK);
    });
    sftp.on("FSTAT", (id: number, handle: Buffer) => stat(id, pathOf(handle)));
    sftp.on("STAT", stat);
    sftp.on("CLOSE", (id: number) => sftp.status(id, STATUS_CODE.OK));
    sftp.on("REMOVE", (id: number, path: string) =>
      sftp.status(id, files.delete(path) ? STATUS_CODE.OK : STATUS_CODE.NO_SUCH_FILE),
    );
    sftp.on("RENAME", (id: number, from: string, to: string) => {
      const file = files.get(from);
      // As the protocol has it: a name that is taken is a failure.
      if (!file || files.has(to) || state.refusesRename) return sftp.status(id, STATUS_CODE.FAILURE);
      files.delete(from);
      files.set(to, file);
      sftp.status(id, STATUS_CODE.OK);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  const { port } = address;
  return Object.assign(state, {
    port,
    fingerprint: `SHA256:${createHash("sha256").update(parsed.getPublicSSH()).digest("base64").replace(/=+$/, "")}`,
    files,
    written,
    logins,
    connections: () => open.size,
    async close() {
      for (const client of open) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
