/** What Node and undici report when a connection or an answer fails, as the errors that jobs end with. */
import { JobError, type JobErrorCode } from "../model/job-errors.ts";
import { denied, type Target } from "./address-policy.ts";

/** `host:port`, with brackets around an IPv6 address. */
export function hostAndPort({ host, port }: Target): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * An error for what went wrong between here and `target`.
 *
 * A JobError passes as it is; `details` hold `host`, `port` and, as `reason`, the code of the system.
 */
export function toJobError(error: unknown, target: Target): JobError {
  if (error instanceof JobError) return error;
  const reason = codeOf(error);
  const { code, message } = explain(reason, error, target);
  return new JobError(code, message, { cause: error, details: { host: target.host, port: target.port, reason } });
}

/** The same error, with the milliseconds in its details that each part has taken so far. */
export function withTimings(error: JobError, timings: object): JobError {
  const { code, message, retryable, cause } = error;
  return new JobError(code, message, { details: { ...error.details, timings }, retryable, cause });
}

/** No connection came about in the time allowed. */
export function connectTimedOut(target: Target, afterMs: number, during: "lookup" | "connect" | "tls"): JobError {
  const seconds = afterMs / 1000;
  const details = { host: target.host, port: target.port, reason: "CONNECT_TIMEOUT", during };
  if (during === "lookup") {
    return new JobError(
      "HOST_NOT_FOUND",
      `The DNS did not answer for ${target.host} within ${seconds} s; check the name and the node's DNS servers.`,
      { details },
    );
  }
  const where = during === "tls" ? "The TLS handshake with" : "The connection to";
  return new JobError(
    "CONNECTION_LOST",
    `${where} ${hostAndPort(target)} did not come about within ${seconds} s; check the address, and that no firewall drops it.`,
    { details },
  );
}

/** Every address that the target has is one that jobs may not reach. */
export function addressNotAllowed(target: Target, address: string, kind: string): JobError {
  const subject = target.host === address ? address : `${target.host} has the address ${address}, which`;
  if (kind === denied) {
    return new JobError(
      "ADDRESS_NOT_ALLOWED",
      `The operator of this node has denied calls to ${hostAndPort(target)}${target.host === address ? "" : ` (${address})`} with PUNCTUAL_EGRESS_DENY. Call another address, or ask the operator.`,
      { details: { host: target.host, port: target.port, address, kind } },
    );
  }
  const bits = address.includes(":") ? 128 : 32;
  return new JobError(
    "ADDRESS_NOT_ALLOWED",
    `${subject} is ${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind} address, and jobs may reach public ones only. Call a public address, or have the ` +
      `operator allow this one: PUNCTUAL_EGRESS_ALLOW=${hostAndPort(target)} or ${address}/${bits}.`,
    { details: { host: target.host, port: target.port, address, kind } },
  );
}

/** The answer came, but cannot be used. */
export function invalidResponse(message: string, target: Target, details: Record<string, unknown> = {}): JobError {
  return new JobError("INVALID_RESPONSE", message, { details: { host: target.host, port: target.port, ...details } });
}

interface Explanation {
  readonly code: JobErrorCode;
  readonly message: string;
}

function explain(reason: string, error: unknown, target: Target): Explanation {
  const at = hostAndPort(target);
  const tls = tlsReasons[reason];
  if (tls) return { code: "TLS_ERROR", message: `No secure connection to ${at}: ${tls}.` };
  const known = reasons[reason];
  // A name is looked up without a port.
  if (known)
    return { code: known[0], message: known[1].replace("%", known[0] === "HOST_NOT_FOUND" ? target.host : at) };
  if (/^(ERR_SSL_|ERR_TLS_|EPROTO$)/.test(reason)) {
    return {
      code: "TLS_ERROR",
      message: `No secure connection to ${at}: the TLS handshake failed (${reason}); check which TLS versions and ciphers it offers.`,
    };
  }
  // undici leaves out the code of some parse errors.
  if (reason.startsWith("HPE_") || reason === "HTTPParserError") {
    return {
      code: "INVALID_RESPONSE",
      message: `${at} answered with something that is not HTTP/1.1 (${reason}); check the port, and whether the URL should begin with https://.`,
    };
  }
  if (reason.startsWith("EAI_")) {
    return {
      code: "HOST_NOT_FOUND",
      message: `The name ${target.host} could not be looked up (${reason}); check its spelling and the node's DNS servers.`,
    };
  }
  const said = error instanceof Error ? error.message : String(error);
  return { code: "CONNECTION_LOST", message: `The connection to ${at} failed: ${said} (${reason}).` };
}

const lost =
  "The connection to % was closed before the answer was complete; look at the other end's log for the time of the attempt.";
const unreachable = "There is no way from this node to %; check the address, and the network between them.";
const exhausted =
  "The node has no file handle left for a connection to %; have the operator raise its limit (ulimit -n).";
const cannotBeSent =
  "The request to % cannot be sent as it is; check the names and values of its headers, and its URL.";

/** `%` stands for host and port, or for the host alone where that is what was not found. */
const reasons: Readonly<Record<string, readonly [JobErrorCode, string]>> = {
  ENOTFOUND: [
    "HOST_NOT_FOUND",
    "The name % has no address; check its spelling, and that it is published where this node looks it up.",
  ],
  ENODATA: ["HOST_NOT_FOUND", "The name % exists but has no IPv4 or IPv6 address; check its DNS records."],
  EAI_AGAIN: [
    "HOST_NOT_FOUND",
    "The DNS server did not answer for the name %; check the node's DNS servers, or try again.",
  ],
  ECONNREFUSED: [
    "CONNECTION_REFUSED",
    "% refused the connection: nothing listens on that port, or a firewall refuses; check the port and that the service runs.",
  ],
  ECONNRESET: ["CONNECTION_LOST", lost],
  ECONNABORTED: ["CONNECTION_LOST", lost],
  EPIPE: ["CONNECTION_LOST", lost],
  UND_ERR_SOCKET: ["CONNECTION_LOST", lost],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: [
    "CONNECTION_LOST",
    "% ended its answer at another length than its Content-Length says; look at the other end's log.",
  ],
  HPE_INVALID_EOF_STATE: ["CONNECTION_LOST", lost],
  HPE_CLOSED_CONNECTION: ["CONNECTION_LOST", lost],
  ETIMEDOUT: ["CONNECTION_LOST", "% did not answer the connection; check the address, and that no firewall drops it."],
  EHOSTUNREACH: ["CONNECTION_LOST", unreachable],
  ENETUNREACH: ["CONNECTION_LOST", unreachable],
  EADDRNOTAVAIL: ["CONNECTION_LOST", unreachable],
  EACCES: [
    "CONNECTION_REFUSED",
    "The node's own firewall or sandbox refuses connections to %; have the operator allow it.",
  ],
  EPERM: [
    "CONNECTION_REFUSED",
    "The node's own firewall or sandbox refuses connections to %; have the operator allow it.",
  ],
  EMFILE: ["CONNECTION_LOST", exhausted],
  ENFILE: ["CONNECTION_LOST", exhausted],
  UND_ERR_DESTROYED: ["CONNECTION_LOST", "The node closed its connection to % because it is stopping."],
  UND_ERR_CLOSED: ["CONNECTION_LOST", "The node closed its connection to % because it is stopping."],
  UND_ERR_HEADERS_OVERFLOW: [
    "INVALID_RESPONSE",
    "The headers that % answered with are over 64 KiB; have it send fewer or shorter ones.",
  ],
  UND_ERR_INVALID_ARG: ["INVALID_PARAMS", cannotBeSent],
  UND_ERR_NOT_SUPPORTED: ["INVALID_PARAMS", cannotBeSent],
};

/** Codes of OpenSSL's certificate verification (X509_V_ERR_…) and of Node's TLS, as what is wrong at the other end. */
const tlsReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired; it needs a new one",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; check the clocks of both ends",
  CERT_REVOKED: "its certificate has been revoked",
  CERT_SIGNATURE_FAILURE: "the signature of its certificate is wrong",
  CERT_UNTRUSTED: "its certificate is not trusted for this use",
  CERT_REJECTED: "its certificate is rejected for this use",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "its certificate is self-signed; it needs one from a certificate authority that this node knows, or that is given as tls.ca",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from a certificate authority that this node does not know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "the issuer of its certificate is not known here; the server should send its intermediate certificates too",
  UNABLE_TO_GET_ISSUER_CERT:
    "its chain of certificates is not complete; the server should send its intermediate certificates too",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate comes from a certificate authority that this node does not know",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name; call it by a name that the certificate holds",
  HOSTNAME_MISMATCH: "its certificate is for another name; call it by a name that the certificate holds",
  ERR_SSL_WRONG_VERSION_NUMBER:
    "it does not speak TLS on that port, probably plain HTTP; check the port, or whether the URL should begin with http://",
  ERR_SSL_PACKET_LENGTH_TOO_LONG:
    "it does not speak TLS on that port; check the port, or whether the URL should begin with http://",
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION:
    "it speaks only TLS versions that are no longer safe; it needs TLS 1.2 or newer",
  ERR_SSL_UNSUPPORTED_PROTOCOL: "it speaks only TLS versions that are no longer safe; it needs TLS 1.2 or newer",
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE:
    "it refused the handshake: no common cipher, an unknown host name, or it wants a client certificate",
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: "it does not serve that host name",
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: "it does not serve that host name",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "it wants a client certificate; give tls.certificate and tls.key",
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: "it does not know the authority of the client certificate",
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: "it does not take the client certificate",
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: "it does not take a client certificate of that kind",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: "it does not take the client certificate",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: "the client certificate has expired",
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: "the client certificate has been revoked",
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: "it denies access to the client certificate",
};

/** The code of the system, else the name of the error. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error ? error.name : "UNKNOWN";
}
