/** The params of `callWebserviceEndpoint`: what forms and docs are generated from. */
import Type, { type Static } from "typebox";
import { authSchema } from "../shared/auth/auth-params.ts";
import { defaultRetryOn } from "../shared/statuses.ts";
import { tlsSchema } from "../shared/tls-params.ts";
import { paginateSchema } from "./paginate-params.ts";
import { Expression, Statuses } from "./param-schemas.ts";
import { saveResponseSchema } from "./save-response.ts";
import { waitForSchema } from "./wait-for-params.ts";

/** The methods that a call may use (RFC 9110, section 9, and PATCH of RFC 5789); CONNECT and TRACE are not for jobs. */
export const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** How a body may be written. */
export const bodyTypes = ["json", "text", "form", "multipart", "base64"] as const;

/** Bytes of an answer's body that are kept unless the params say otherwise: 1 MiB. */
export const defaultMaxResponseBytes = 1024 * 1024;

/** The statuses that count as success unless the params say otherwise. */
export const defaultSuccessStatus: readonly (number | string)[] = ["200-299"];

const Scalar = Type.Union([Type.String({ maxLength: 8_192 }), Type.Number(), Type.Boolean()]);

/** What a call may say: address, method, headers, body, and how its answer is judged and read. */
export const paramsSchema = Type.Object(
  {
    url: Type.String({
      title: "URL",
      description: "The address to call, http or https. Credentials belong into `auth`, not into the address.",
      examples: ["https://api.example.com/orders"],
      minLength: 1,
      maxLength: 8_192,
    }),
    method: Type.Optional(
      Type.Enum(methods, {
        title: "Method",
        description: "The HTTP method, in capitals. Writes carry the job's id as `Idempotency-Key`.",
        default: "GET",
        examples: ["POST"],
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 8_192 }), {
        title: "Headers",
        description: "Headers to send. Those that belong to the connection (Host, Content-Length …) are set by it.",
        examples: [{ "Content-Type": "application/json", "X-Api-Key": "…" }],
        maxProperties: 100,
      }),
    ),
    body: Type.Optional(
      Type.Unknown({
        title: "Body",
        description:
          "What to send, in the form that `bodyType` names. Without that, a string goes as it is and anything else as JSON. Null and the empty string send nothing. Not for GET and HEAD.",
        examples: [{ searchTerms: "running shoe" }],
      }),
    ),
    bodyType: Type.Optional(
      Type.Enum(bodyTypes, {
        title: "Body type",
        description:
          "How the body is written. `form` and `multipart` take an object of fields, each a value or a list of values; with `multipart` a value may be a file: `{filename, contentType?, content}` or `{filename, contentType?, contentBase64}`. `base64` takes a string and sends the bytes that it stands for. A Content-Type header of yours wins, but for `multipart`.",
        examples: ["form"],
      }),
    ),
    searchParams: Type.Optional(
      Type.Record(Type.String(), Type.Union([Scalar, Type.Array(Scalar, { maxItems: 1_000 })]), {
        title: "Search params",
        description:
          "Added to the query of the URL, escaped. A list repeats its name; a name that the URL has already is replaced.",
        examples: [{ limit: 10, tag: ["new", "sale"] }],
        maxProperties: 200,
      }),
    ),
    auth: Type.Optional(authSchema),
    tls: Type.Optional(tlsSchema),
    successStatus: Type.Optional(
      Statuses({
        title: "Success statuses",
        description: "The statuses that count as success, as numbers or ranges. Any other fails the job.",
        default: [...defaultSuccessStatus],
        minItems: 1,
        examples: [
          [200, 404],
          ["200-299", 304],
        ],
      }),
    ),
    successWhen: Type.Optional(
      Expression({
        title: "Success when",
        description:
          "A JSONata expression over `{status, headers, body}`. If it is not true, the job fails although the status is one of success.",
        examples: ["$not($exists(body.error))", 'body.state = "done"'],
      }),
    ),
    failureMessage: Type.Optional(
      Expression({
        title: "Failure message",
        description:
          "A JSONata expression over `{status, headers, body}` for the message of a failed job. Without it the text is looked for where webservices commonly put it: `error`, `error.message`, `message`, `detail`, `errors` and others.",
        examples: ["body.fault.reason", "$join(body.problems.text, '; ')"],
      }),
    ),
    retryOn: Type.Optional(
      Statuses({
        title: "Retry on",
        description:
          "The statuses after which another attempt may help, as numbers or ranges; `options.retry` says how many there are. The answer's `Retry-After` is heeded, up to `retry.maxSeconds`.",
        default: [...defaultRetryOn],
        minItems: 0,
        examples: [[429, 503], ["500-599"]],
      }),
    ),
    responseType: Type.Optional(
      Type.Enum(["auto", "json", "text", "base64"], {
        title: "Response type",
        description:
          "How the answer's body is kept. `auto` follows its Content-Type: JSON as JSON where it can be read, text as text, all else as base64. `json` fails the job where it is not JSON.",
        default: "auto",
        examples: ["json"],
      }),
    ),
    maxResponseBytes: Type.Optional(
      Type.Integer({
        title: "Largest answer",
        description: "Bytes of the answer's body, decoded, that are kept.",
        default: defaultMaxResponseBytes,
        minimum: 1,
        maximum: 4 * 1024 * 1024,
        examples: [65_536],
      }),
    ),
    onTooLarge: Type.Optional(
      Type.Enum(["fail", "truncate"], {
        title: "If the answer is larger",
        description: "Fail the job, or keep the beginning and say `truncated`.",
        default: "fail",
        examples: ["truncate"],
      }),
    ),
    saveResponseTo: Type.Optional(saveResponseSchema),
    followRedirects: Type.Optional(
      Type.Boolean({
        title: "Follow redirects",
        description: "Follow up to 10 redirects. Headers that might be credentials are not sent to another origin.",
        default: true,
        examples: [false],
      }),
    ),
    waitFor: Type.Optional(waitForSchema),
    paginate: Type.Optional(paginateSchema),
  },
  { additionalProperties: false },
);

/** The params of a call, checked; placeholders may still be in them. */
export type Params = Static<typeof paramsSchema>;
