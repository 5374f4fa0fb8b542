/** One sentence of why a call failed, and one of what to do about it. */

import type { JobError, JobErrorCode } from "../contract.ts";
import { cut } from "../shared/cut.ts";
import type { Explanation } from "../shared/describe-failure.ts";
import type { Exchange } from "../shared/exchange.ts";
import type { Params } from "./params.ts";

/** Why the call failed with `error`, and what whoever set it up may change. */
export function explain(error: JobError, params: Params, exchange: Exchange): Explanation {
  const explanation = explanations[error.code];
  if (!explanation) return { cause: error.message, remedy: "Read the message; it is no fault of the webservice." };
  return explanation({ params, exchange, details: error.details ?? {}, host: hostOf(params, exchange) });
}

interface Case {
  readonly params: Params;
  readonly exchange: Exchange;
  readonly details: Readonly<Record<string, unknown>>;
  /** Host and port as the URL writes them. */
  readonly host: string;
}

const explanations: Readonly<Partial<Record<JobErrorCode, (about: Case) => Explanation>>> = {
  HOST_NOT_FOUND: ({ host }) => ({
    cause: `The name of the host ${host} could not be turned into an address.`,
    remedy: "Check the spelling of the host in the URL, and that the DNS servers of the node know it.",
  }),
  ADDRESS_NOT_ALLOWED: ({ host }) => ({
    cause: `${host} lies at an address that jobs may not reach.`,
    remedy: "Call a public address, or ask the operator of this Punctual to allow this one.",
  }),
  CONNECTION_REFUSED: ({ host }) => ({
    cause: `${host} is there, and refused the connection.`,
    remedy: "Check the port in the URL, and that the service runs.",
  }),
  CONNECTION_LOST: ({ host, exchange }) => ({
    cause: `The connection to ${host} broke ${stageOf(exchange)}.`,
    remedy:
      "Allow more attempts in options.retry; if it stays, look at the log of the other end for the time of the attempt.",
  }),
  TLS_ERROR: ({ host }) => ({
    cause: `${host} and this node could not agree on a secure connection.`,
    remedy:
      "Read details.reason: it says what is wrong with the certificate or the handshake, and mend it at the other end.",
  }),
  HTTP_STATUS: ({ exchange }) => explainStatus(exchange.response?.status ?? 0),
  RESPONSE_REJECTED: ({ params }) => ({
    cause: `The webservice answered with a status of success, but ${cut(params.successWhen ?? "", 200)} is not true of the answer.`,
    remedy:
      "Read the message and details.response.body for the reason; if the answer is a good one, change successWhen, and if a retry may help, name its status in retryOn.",
  }),
  TOKEN_REQUEST_FAILED: ({ details }) => ({
    cause: `The token URL gave no token (${details.reason}), so the webservice itself was not called.`,
    remedy:
      "Check auth.tokenUrl, the client's id and secret, its scope, and where the secret goes (clientAuthentication).",
  }),
  EXPRESSION_FAILED: ({ details }) => ({
    cause: `The webservice answered, but the expression ${cut(String(details.expression), 200)} could not be evaluated: ${details.reason}.`,
    remedy: "Try the expression on {status, headers, body} of details.response, and mend or simplify it.",
  }),
  RESPONSE_TOO_LARGE: ({ details }) => ({
    cause: `The answer goes on after ${details.maxResponseBytes} bytes, which is all that maxResponseBytes allows.`,
    remedy: 'Ask for less, raise maxResponseBytes, or set onTooLarge to "truncate" to keep the beginning.',
  }),
  INVALID_RESPONSE: ({ host, exchange }) => ({
    cause: `What ${host} answered could not be understood ${stageOf(exchange)}.`,
    remedy:
      "Compare the answer with the documentation of the webservice, and set responseType to what it really sends.",
  }),
  INVALID_PARAMS: () => ({
    cause: "The params do not make a request that can be sent.",
    remedy: "Mend the fields that details.errors or the message name; nothing was sent.",
  }),
  TIMED_OUT: ({ exchange }) => ({
    cause: `The attempt's time was over ${stageOf(exchange)}.`,
    remedy: exchange.response
      ? "Ask for less, or raise options.timeoutSeconds to what the answer really takes."
      : "Check that the webservice works, or raise options.timeoutSeconds to what it really takes.",
  }),
  CANCELLED: ({ exchange }) => ({
    cause: `The job was cancelled ${stageOf(exchange)}.`,
    remedy: "Rerun the job if that was not meant; the webservice may have done its work all the same.",
  }),
};

/** Where in the call something happened, to be put behind a verb. */
function stageOf({ stage, response, received }: Exchange): string {
  if (stage === "token") return "while a token was asked for at auth.tokenUrl";
  if (stage === "building") return "before the request was sent";
  if (!response) return "before any answer came";
  const bytes = received.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  return `after the head of the answer and ${bytes} ${bytes === 1 ? "byte" : "bytes"} of its body`;
}

function explainStatus(status: number): Explanation {
  const known = statuses[status];
  if (known) return { cause: known[0], remedy: known[1] };
  if (status >= 500) {
    return {
      cause: `The webservice failed with ${status}: the fault is at its end.`,
      remedy: "Allow more attempts in options.retry; if it stays, show details to whoever runs the webservice.",
    };
  }
  if (status >= 400) {
    return {
      cause: `The webservice refused the request with ${status}.`,
      remedy: "Read details.response.body for its reason, and change the request.",
    };
  }
  return {
    cause: `The status ${status} is not among those of success.`,
    remedy: "Add it to successStatus if it is one, or change the request.",
  };
}

const redirected: readonly [string, string] = [
  "The webservice sent the call to another address.",
  "Set followRedirects to true, or put the new address into url.",
];

const statuses: Readonly<Record<number, readonly [string, string]>> = {
  301: redirected,
  302: redirected,
  303: redirected,
  304: [
    "The webservice says that nothing has changed since the version that the request names.",
    "Add 304 to successStatus if that is a good answer, or leave out If-None-Match and If-Modified-Since.",
  ],
  307: redirected,
  308: redirected,
  400: [
    "The webservice could not make sense of the request.",
    "Read details.response.body for what it missed, and change body, searchParams or headers.",
  ],
  401: [
    "The webservice does not accept the credentials, or got none.",
    "Check auth and the secrets that it names: whether they are right, in force, and of this environment.",
  ],
  403: [
    "The webservice knows the caller, who may not do this.",
    "Give the account or key the right for it at the other end, or use another.",
  ],
  404: ["There is nothing at this address.", "Check the path of the URL, and whether the thing that it names exists."],
  405: ["The address does not take this method.", "Set method to one that the documentation of the webservice names."],
  406: ["The webservice cannot answer in the wanted form.", "Change the Accept header, or responseType."],
  408: ["The webservice gave up waiting for the request.", "Allow more attempts in options.retry, or send less."],
  409: [
    "The request collides with what the webservice holds.",
    "Read details.response.body; a repeat of what an earlier attempt did may be no fault: then add 409 to successStatus.",
  ],
  410: [
    "What was at this address is gone for good.",
    "Use the address that has taken its place, or stop the schedule.",
  ],
  413: ["The request is larger than the webservice takes.", "Send less at once."],
  415: [
    "The webservice does not take a body of this kind.",
    "Set bodyType, or a Content-Type header, to what it wants.",
  ],
  422: [
    "The webservice understood the request and found its values wrong.",
    "Read details.response.body for which ones, and change them.",
  ],
  429: [
    "The webservice wants fewer calls.",
    "Allow attempts and time in options.retry (Retry-After is heeded up to maxSeconds), or call less often, as with maxConcurrent.",
  ],
  502: [
    "A gateway in front of the webservice got no good answer from it.",
    "Allow more attempts in options.retry; if it stays, tell whoever runs the webservice.",
  ],
  503: [
    "The webservice is not available at the moment.",
    "Allow more attempts in options.retry; Retry-After is heeded up to its maxSeconds.",
  ],
  504: [
    "A gateway in front of the webservice waited too long for it.",
    "Ask for less at once, or allow more attempts in options.retry.",
  ],
};

function hostOf({ url }: Params, { request }: Exchange): string {
  if (request) return request.url.host;
  return URL.canParse(url) ? new URL(url).host : url;
}
