/** Chooses the user that PostgreSQL runs as when the node is root: PostgreSQL refuses to be root. */
import { readFile } from "node:fs/promises";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { type ProcessUser, runShell } from "./run-as.ts";

/** Best first: users made for a database, then those that own nothing. `_postgres` is macOS's. */
const preferred = ["postgres", "_postgres", "punctual", "nobody", "daemon"];

/** Debian and Red Hat have useradd, Alpine and busybox have adduser. */
const createUser =
  "useradd --system --no-create-home --shell /usr/sbin/nologin punctual || adduser -S -D -H -s /sbin/nologin punctual";

/**
 * The user to run PostgreSQL as: ourselves unless we are root; as root an existing unprivileged user, `postgres`
 * first; only where there is none is one made, `punctual`.
 *
 * @throws EmbeddedPostgresError root finds no such user and can make none
 */
export async function chooseProcessUser(): Promise<ProcessUser> {
  const self = ourselves();
  if (self.uid !== 0) return self;
  const found = pick(await readUsers());
  if (found) return found;

  const made = await runShell(self, createUser, []);
  const user = pick(await readUsers());
  if (user) return user;
  throw new EmbeddedPostgresError(
    `PostgreSQL may not run as root, there is no other user here, and none could be made (${made.stderr.trim()}).\n` +
      "Start the node as an ordinary user, make a user `postgres`, or set DATABASE_URL.",
  );
}

/** The user of this process. */
export function ourselves(): ProcessUser {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

function pick(users: ReadonlyMap<string, ProcessUser>): ProcessUser | undefined {
  for (const name of preferred) {
    const user = users.get(name);
    if (user && user.uid !== 0) return user;
  }
  return [...users.values()].find((user) => user.uid > 0);
}

async function readUsers(): Promise<ReadonlyMap<string, ProcessUser>> {
  const users = new Map<string, ProcessUser>();
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  for (const line of lines) {
    const [name, , uid, gid] = line.split(":");
    if (name === undefined || !/^\d+$/.test(uid ?? "") || !/^\d+$/.test(gid ?? "")) continue;
    users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
