/**
 * SFTP through the guarded way out: the socket is opened to an address that was judged, and nothing is said of who we are before the
 * server has shown a key that is expected.
 */
import { createHash } from "node:crypto";
import type { Client, SFTPWrapper } from "ssh2";
import { JobError } from "../model/job-errors.ts";
import type { InspectedSftp, SftpLogin } from "../model/outgoing-sftp.ts";
import type { Target } from "./address-policy.ts";
import { hostAndPort, toJobError } from "./egress-errors.ts";
import type { SocketOpener } from "./open-socket.ts";
import { createSftpSession } from "./sftp-session.ts";

const defaultPort = 22;

/** Milliseconds for keys, login and the start of SFTP together. */
const handshakeMs = 20_000;

/** A server that has answered none of four such questions is gone, also where no packet says so. */
const keepalive = { keepaliveInterval: 15_000, keepaliveCountMax: 4 };

/** SFTP sessions of one node. */
export interface SftpSessions {
  readonly open: InspectedSftp;
  /** Ends all of them. */
  close(): void;
}

/** Makes the opener. */
export function createSftpSessions(openSocket: SocketOpener): SftpSessions {
  const clients = new Set<Client>();

  async function open(login: SftpLogin, inspect?: Parameters<InspectedSftp>[1]): ReturnType<InspectedSftp> {
    // Half a megabyte of code, which few nodes need.
    const { Client } = await import("ssh2");
    const { signal, username, password = "", privateKey = "", passphrase = "" } = login;
    signal.throwIfAborted();
    const url = readUrl(login.url);
    const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
    const target = { host, port: Number(url.port) };
    // What proves who we are is judged as headers would be: it leaves, or stands for what may not.
    inspect?.({ url, headers: { username, password, privateKey, passphrase }, body: null });
    const { socket } = await openSocket(target, "other", signal);
    const client = new Client();
    clients.add(client);
    client.once("close", () => clients.delete(client));
    const gone = new Promise<never>((_, reject) => {
      const lost = (error: unknown): void => reject(signal.aborted ? signal.reason : toJobError(error, target));
      client.once("close", () => lost(Object.assign(new Error("closed"), { code: "ECONNRESET" })));
      socket.once("error", lost);
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    gone.catch(() => undefined);
    const end = (): void => {
      client.destroy();
      socket.destroy();
      clients.delete(client);
    };
    signal.addEventListener("abort", end, { once: true });
    client.once("close", () => signal.removeEventListener("abort", end));
    // The socket is ours until the client has taken it over.
    if (signal.aborted) end();
    try {
      const sftp = await Promise.race([startSftp(client, socket, login, target), gone]);
      return createSftpSession(sftp, { target, gone, end });
    } catch (error) {
      end();
      throw signal.aborted ? signal.reason : error;
    }
  }

  return {
    open,
    close() {
      for (const client of clients) client.destroy();
    },
  };
}

/** The URL parser leaves the host of a scheme that it does not know as it was written: here it is read as that of any other. */
function readUrl(url: URL): URL {
  const host = URL.parse(`http://${url.hostname}/`)?.hostname;
  if (url.protocol !== "sftp:" || host === undefined || url.hostname === "") {
    throw new JobError(
      "INVALID_PARAMS",
      "That is no address of an SFTP server; write it as sftp://files.example.com/orders.csv.",
    );
  }
  return new URL(`sftp://${host}:${url.port === "" ? defaultPort : url.port}${url.pathname}`);
}

function startSftp(
  client: Client,
  socket: import("node:net").Socket,
  login: SftpLogin,
  target: Target,
): Promise<SFTPWrapper> {
  const { username, password, privateKey, passphrase, hostKeys } = login;
  return new Promise((resolve, reject) => {
    let shown: ShownKey | undefined;
    const timer = setTimeout(() => reject(silent(target)), handshakeMs);
    const settled = (): void => clearTimeout(timer);
    client.once("close", settled);
    client.on("error", (error) => {
      settled();
      if (shown && !hostKeys.includes(shown.fingerprint)) return reject(otherKey(target, shown, hostKeys));
      reject(failureOf(error, target, login));
    });
    client.once("ready", () =>
      client.sftp((error, sftp) => {
        settled();
        if (error) reject(noSftp(target, error));
        else resolve(sftp);
      }),
    );
    client.on("keyboard-interactive", (_name, _text, _language, prompts, finish) =>
      finish(prompts.map(() => password ?? "")),
    );
    try {
      client.connect({
        sock: socket,
        username,
        ...(password !== undefined && { password, tryKeyboard: true }),
        ...(privateKey !== undefined && { privateKey }),
        ...(passphrase !== undefined && { passphrase }),
        readyTimeout: handshakeMs,
        ...keepalive,
        hostVerifier(key: Buffer) {
          shown = describeKey(key);
          return hostKeys.includes(shown.fingerprint);
        },
      });
    } catch (error) {
      settled();
      reject(unusableKey(error));
    }
  });
}

interface ShownKey {
  readonly type: string;
  /** As `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
}

/** RFC 4253, section 6.6: a key begins with the name of its kind. */
function describeKey(key: Buffer): ShownKey {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  const digest = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
  return { type: key.toString("latin1", 4, 4 + Math.min(length, 64)), fingerprint: `SHA256:${digest}` };
}

function otherKey(target: Target, shown: ShownKey, expected: readonly string[]): JobError {
  return new JobError(
    "HOST_KEY_MISMATCH",
    `${hostAndPort(target)} shows the ${shown.type} key ${shown.fingerprint}, and hostKey expects ${expected.join(" or ")}. Nothing was sent. If whoever runs the server says that this is its key, put it into hostKey; else somebody stands between.`,
    {
      details: { host: target.host, port: target.port, hostKey: shown.fingerprint, hostKeyType: shown.type, expected },
    },
  );
}

function silent(target: Target): JobError {
  return new JobError(
    "CONNECTION_LOST",
    `${hostAndPort(target)} took the connection and did not begin SFTP within ${handshakeMs / 1000} s; check that an SSH server listens on that port.`,
    { details: { host: target.host, port: target.port, reason: "HANDSHAKE_TIMEOUT" } },
  );
}

function failureOf(error: Error, target: Target, { username, password, privateKey }: SftpLogin): JobError {
  const level: unknown = Reflect.get(error, "level");
  const details = { host: target.host, port: target.port, reason: error.message.slice(0, 500) };
  if (level === "client-authentication") {
    const ways = [privateKey !== undefined && "its private key", password !== undefined && "its password"].filter(
      Boolean,
    );
    return new JobError(
      "LOGIN_FAILED",
      `${hostAndPort(target)} did not let ${username} in with ${ways.join(" or ")}; check the name and the secret, and that the server takes this way of logging in.`,
      { details, cause: error },
    );
  }
  if (level === "client-timeout") return silent(target);
  if (level === "protocol" || level === "handshake") {
    return new JobError(
      "CONNECTION_LOST",
      `No SSH connection to ${hostAndPort(target)}: ${error.message.slice(0, 300)}. Check that an SSH server of today listens on that port.`,
      { details, cause: error },
    );
  }
  return toJobError(error, target);
}

function noSftp(target: Target, error: Error): JobError {
  return new JobError(
    "SFTP_STATUS",
    `${hostAndPort(target)} lets the account in, and offers it no SFTP: ${error.message.slice(0, 300)}. Have it enabled for the account.`,
    { details: { host: target.host, port: target.port }, cause: error, retryable: false },
  );
}

function unusableKey(error: unknown): JobError {
  const reason = error instanceof Error ? error.message.slice(0, 300) : String(error);
  return new JobError(
    "INVALID_PARAMS",
    `The private key cannot be used: ${reason}. Give it whole, as OpenSSH or PEM, and its passphrase where it has one.`,
  );
}
