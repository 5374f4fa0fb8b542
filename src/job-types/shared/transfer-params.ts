/** Params of the types that move files: where the other end is, and how it is spoken to. */
import Type, { type Static } from "typebox";
import { faultOfFileName, secretReferences } from "../contract.ts";
import { authSchema } from "./auth/auth-params.ts";
import { checkAuth } from "./auth/check-auth.ts";
import { checkHeaders } from "./check-headers.ts";
import { checkUrl } from "./check-url.ts";
import type { Fault, IsOpen } from "./fault.ts";
import { checkTls, tlsSchema } from "./tls-params.ts";

const PrivateKeySchema = Type.Object(
  {
    type: Type.Literal("privateKey"),
    username: Type.String({ title: "User name", examples: ["shop"], minLength: 1, maxLength: 1_024 }),
    privateKey: Type.String({
      title: "Private key",
      description: "The whole key, in the form of OpenSSH or PEM.",
      examples: ["{{secrets.SFTP_KEY}}"],
      minLength: 1,
      maxLength: 65_536,
    }),
    passphrase: Type.Optional(
      Type.String({
        title: "Passphrase",
        description: "Decrypts the key.",
        examples: ["{{secrets.SFTP_PASSPHRASE}}"],
        minLength: 1,
        maxLength: 1_024,
      }),
    ),
  },
  { title: "Private key", description: "For sftp.", additionalProperties: false },
);

const Fingerprint = Type.String({ pattern: "^SHA256:[A-Za-z0-9+/]{43}$" });

/** A bucket of the job's customer. */
export const BucketCode = (description: string) =>
  Type.String({
    title: "Bucket",
    description,
    examples: ["incoming"],
    pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$",
  });

/** The name of a file in a bucket; references are filled in. */
export const Filename = (description: string) =>
  Type.String({
    title: "File name",
    description,
    examples: ["orders_{{timestamp}}.csv"],
    minLength: 1,
    maxLength: 1_024,
  });

/** The address, and all that says how the other end is reached. */
export const remoteProperties = {
  url: Type.String({
    title: "URL",
    description:
      "http, https or sftp. Credentials belong into `auth`. A path of sftp is absolute; one that begins with /~/ starts at the account's own folder.",
    examples: ["https://files.example.com/orders.csv.gz", "sftp://files.example.com/outbox/orders.csv"],
    minLength: 1,
    maxLength: 8_192,
  }),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String({ maxLength: 8_192 }), {
      title: "Headers",
      description: "Headers to send, for http and https. Those that belong to the connection are set by it.",
      examples: [{ Accept: "text/csv" }],
      maxProperties: 100,
    }),
  ),
  auth: Type.Optional(
    Type.Union([...authSchema.anyOf, PrivateKeySchema], {
      title: "Authentication",
      description:
        "How the job proves who it is: for sftp `basic` (user name and password) or `privateKey`, else as for calls. Write secrets as `{{secrets.CODE}}`.",
      examples: [{ type: "basic", username: "shop", password: "{{secrets.SFTP_PASSWORD}}" }],
    }),
  ),
  tls: Type.Optional(tlsSchema),
  hostKey: Type.Optional(
    Type.Union([Fingerprint, Type.Array(Fingerprint, { minItems: 1, maxItems: 10 })], {
      title: "Host key",
      description:
        "For sftp, and needed there: the fingerprint of the server's key, as `ssh-keyscan HOST | ssh-keygen -lf -` prints it, or several of them. A server that shows another key gets nothing.",
      examples: ["SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"],
    }),
  ),
};

const remoteSchema = Type.Object(remoteProperties);

/** How the other end is reached. */
export type RemoteParams = Static<typeof remoteSchema>;

/** What both directions have: each has methods of its own. */
interface TransferParams extends RemoteParams {
  readonly filename: string;
  readonly method?: string;
}

const protocols = ["http:", "https:", "sftp:"] as const;

/** What is wrong with them, and with a file's name. */
export function checkRemote(params: TransferParams, isOpen: IsOpen): Fault[] {
  const { url, headers = {}, auth, tls, filename } = params;
  const nameFault = faultOfGivenName(filename, isOpen);
  return [
    ...checkUrl(url, "/url", isOpen, protocols),
    ...checkHeaders(headers, isOpen),
    ...(auth === undefined || auth.type === "privateKey" ? [] : checkAuth(auth, headers, isOpen)),
    ...(tls === undefined ? [] : checkTls(tls, isOpen)),
    ...checkTogether(params),
    ...(nameFault === undefined ? [] : [{ path: "/filename", message: nameFault }]),
  ];
}

/** What is wrong with a name that may hold references; undefined where nothing is. */
export function faultOfGivenName(filename: string, isOpen: IsOpen): string | undefined {
  if (secretReferences(filename).size > 0) return "must not hold a secret: everybody who may see the bucket sees it";
  return isOpen(filename) ? undefined : faultOfFileName(filename);
}

/** Where a reference stands for the beginning of the address, what goes with it shows when it is used. */
function checkTogether(params: TransferParams): Fault[] {
  if (/^sftp:/i.test(params.url)) return checkSftp(params);
  if (!/^https?:/i.test(params.url)) return [];
  const faults: Fault[] = [];
  if (params.auth?.type === "privateKey")
    faults.push({ path: "/auth", message: "holds a private key, which is for sftp" });
  if (params.hostKey !== undefined) faults.push({ path: "/hostKey", message: "is for sftp; leave it out" });
  return faults;
}

function checkSftp({ url, method, auth, hostKey, headers, tls }: TransferParams): Fault[] {
  const faults: Fault[] = [];
  if (auth === undefined || (auth.type !== "basic" && auth.type !== "privateKey")) {
    faults.push({ path: "/auth", message: "must be basic (user name and password) or privateKey for sftp" });
  }
  if (hostKey === undefined) {
    faults.push({
      path: "/hostKey",
      message:
        "is missing: without it nobody knows who gets the password; put in what `ssh-keyscan HOST | ssh-keygen -lf -` prints, once whoever runs the server has confirmed it",
    });
  }
  if (method !== undefined && URL.canParse(url)) {
    faults.push({ path: "/method", message: "is for http and https; leave it out" });
  }
  if (headers !== undefined) faults.push({ path: "/headers", message: "are for http and https; leave them out" });
  if (tls !== undefined) faults.push({ path: "/tls", message: "is for https; leave it out" });
  if (/[?#]/.test(url))
    faults.push({ path: "/url", message: "holds ? or #; write them as %3F and %23 in a path of sftp" });
  if (URL.canParse(url) && !isFilePath(url)) {
    faults.push({ path: "/url", message: "names no file; write its path behind the host, with valid % escapes" });
  }
  return faults;
}

function isFilePath(url: string): boolean {
  const path = URL.parse(url)?.pathname ?? "";
  if (path === "" || path.endsWith("/")) return false;
  try {
    return !decodeURIComponent(path).includes("\0");
  } catch {
    return false;
  }
}
