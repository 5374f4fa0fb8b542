/** The `tls` of a call: how it does TLS, where that is not as with any other webservice. */
import Type, { type Static } from "typebox";
import type { Fault, IsOpen } from "./fault.ts";

const Pem = (title: string, description: string, example: string) =>
  Type.String({ title, description, examples: [example], minLength: 1, maxLength: 262_144 });

/** Plays no part in calls to `http:` addresses. */
export const tlsSchema = Type.Object(
  {
    ca: Type.Optional(
      Pem(
        "Authorities",
        "The certificate authorities that are trusted, in place of the well-known ones: one or several certificates in PEM.",
        "{{secrets.ERP_CA}}",
      ),
    ),
    certificate: Type.Optional(
      Pem(
        "Client certificate",
        "The certificate that the call shows, in PEM, with those between it and its authority behind it. Goes with `key`.",
        "{{secrets.ERP_CERTIFICATE}}",
      ),
    ),
    key: Type.Optional(Pem("Client key", "The private key of the certificate, in PEM.", "{{secrets.ERP_KEY}}")),
    passphrase: Type.Optional(
      Type.String({
        title: "Passphrase",
        description: "Decrypts the key.",
        examples: ["{{secrets.ERP_PASSPHRASE}}"],
        minLength: 1,
        maxLength: 1_024,
      }),
    ),
    servername: Type.Optional(
      Type.String({
        title: "Server name",
        description: "The name that is asked for and that the certificate must hold, in place of the URL's host.",
        examples: ["erp.internal.example"],
        minLength: 1,
        maxLength: 253,
      }),
    ),
    insecure: Type.Optional(
      Type.Boolean({
        title: "Insecure",
        description:
          "Take any certificate. Whoever stands between sees and changes everything; the job fails unless the operator of the node allows it.",
        default: false,
        examples: [false],
      }),
    ),
  },
  {
    title: "TLS",
    description:
      "An authority of your own, a client certificate, or another name. It holds for the origin of `url` alone.",
    examples: [{ certificate: "{{secrets.ERP_CERTIFICATE}}", key: "{{secrets.ERP_KEY}}" }],
    additionalProperties: false,
  },
);

/** The `tls` of a call. */
export type TlsParams = Static<typeof tlsSchema>;

/** What is wrong with `tls`; whether certificates are what they should be shows when they are used. */
export function checkTls({ certificate, key, passphrase, servername }: TlsParams, isOpen: IsOpen): Fault[] {
  const faults: Fault[] = [];
  if (certificate !== undefined && key === undefined) {
    faults.push({ path: "/tls/key", message: "is missing: a client certificate and its key go together" });
  }
  if (certificate === undefined && key !== undefined) {
    faults.push({ path: "/tls/certificate", message: "is missing: a client certificate and its key go together" });
  }
  if (passphrase !== undefined && key === undefined) {
    faults.push({ path: "/tls/passphrase", message: "decrypts a key, and there is none; leave it out" });
  }
  if (servername !== undefined && !isOpen(servername) && !/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(servername)) {
    faults.push({ path: "/tls/servername", message: "is not a host name, such as erp.internal.example" });
  }
  return faults;
}
