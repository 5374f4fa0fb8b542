/** Turns every error into an RFC 9457 answer; what is a fault of ours is logged and told without its inside. */
import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { ApiError, type ApiErrorCode, apiErrors } from "../model/api-errors.ts";
import type { ProblemBody } from "../schemas/primitives.ts";

const mediaType = "application/problem+json";

/** Fastify's own refusals (https://fastify.dev/docs/latest/Reference/Errors/) in the registry's words. */
const fastifyErrors: Readonly<Record<string, readonly [ApiErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["PAYLOAD_TOO_LARGE", "The body is over 1 MiB."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["UNSUPPORTED_MEDIA_TYPE", "The body must be sent as application/json."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["MALFORMED_JSON", "The body is not as long as Content-Length says."],
  FST_ERR_BAD_URL: ["VALIDATION_FAILED", "The address is not valid: a % in it is not followed by two digits of UTF-8."],
  FST_ERR_MAX_PARAM_LENGTH: ["NOT_FOUND", "There is nothing at this address: a part of it is longer than any code."],
};

/** Makes a problem of an error. */
export function toProblem(error: ApiError, requestId: string): ProblemBody {
  return {
    type: `urn:punctual:error:${error.code}`,
    title: apiErrors[error.code].title,
    status: error.status,
    code: error.code,
    detail: error.message,
    remedy: apiErrors[error.code].remedy,
    requestId,
    ...(error.errors && { errors: [...error.errors] }),
  };
}

/** Fastify's error handler. */
export function answerError(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const known = toApiError(error);
  if (known.status >= 500) request.log.error({ err: error, requestId: request.id }, "a request failed");
  sendProblem(known, request, reply);
}

/** Fastify's handler of addresses that it cannot even look up; no hook runs for them. */
export function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ "cache-control": "no-store", "x-content-type-options": "nosniff" });
  answerError(error, request, reply);
}

/** Node's handler of what is no HTTP request at all: answers once, and closes. */
export function answerClientError(error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const known = toClientError(error);
  const body = JSON.stringify(toProblem(known, randomUUID()));
  const head = [
    `HTTP/1.1 ${known.status} ${STATUS_CODES[known.status]}`,
    `Content-Type: ${mediaType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function toClientError(error: Error): ApiError {
  const code = "code" in error ? error.code : undefined;
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new ApiError("REQUEST_TIMEOUT", "The request did not arrive whole within 30 seconds.");
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    return new ApiError(
      "PAYLOAD_TOO_LARGE",
      "The headers and the address together are over 16 KiB; send fewer headers.",
    );
  }
  return badRequest(`This is not an HTTP request: ${error.message}`, error);
}

/** 400 for what is wrong with the request as a whole. */
function badRequest(detail: string, cause: Error): ApiError {
  return new ApiError("VALIDATION_FAILED", detail, { errors: [{ path: "", message: detail }], cause });
}

/** Fastify's handler of addresses that are none of ours. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(nothingAt(request), request, reply);
}

/** 404: the address is none of ours. */
export function nothingAt(request: FastifyRequest): ApiError {
  const path = request.url.split("?")[0] ?? "/";
  return new ApiError("NOT_FOUND", `There is nothing at ${request.method} ${path.slice(0, 200)}.`);
}

function sendProblem(error: ApiError, request: FastifyRequest, reply: FastifyReply): void {
  reply.code(error.status).header("content-type", mediaType);
  if (error.status === 401) reply.header("www-authenticate", 'Bearer realm="punctual"');
  if (error.retryAfterSeconds !== undefined) reply.header("retry-after", String(error.retryAfterSeconds));
  reply.send(JSON.stringify(toProblem(error, request.id)));
}

function toApiError(error: FastifyError | Error): ApiError {
  if (error instanceof ApiError) return error;
  const code = "code" in error ? error.code : undefined;
  const known = code === undefined ? undefined : fastifyErrors[code];
  if (known?.[0] === "VALIDATION_FAILED") return badRequest(known[1], error);
  if (known) return new ApiError(known[0], known[1], { cause: error });
  const status = "statusCode" in error ? error.statusCode : undefined;
  if (status !== undefined && status >= 400 && status < 500) {
    return badRequest(error.message, error);
  }
  return new ApiError("INTERNAL_ERROR", "Something broke on our side; the node's log has it under this requestId.", {
    cause: error,
  });
}
