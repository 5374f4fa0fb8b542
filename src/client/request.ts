/** One request of the client: sent, and its answer checked against the API's own schema. */
import type { Static, TSchema } from "typebox";
import { Check } from "typebox/value";
import { Problem, type ProblemBody } from "../schemas/primitives.ts";

/** Whom the client speaks to, and as whom. */
export interface Connection {
  /** `http://127.0.0.1:8080`: without the prefix. */
  readonly baseUrl: string;
  readonly customerCode: string;
  readonly apiKey: string;
  /** `/vue/_api/v1` unless said. */
  readonly prefix?: string;
}

/** An answer that is an error (RFC 9457). */
export class ProblemError extends Error {
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** Nothing that speaks the API could be reached at `baseUrl`; the message says what to do. */
export class UnreachableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "UnreachableError";
  }
}

/** The parts of a request. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the prefix, with its parts encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends a request and reads its answer.
 *
 * @throws ProblemError for an answer that is an error; UnreachableError where the node cannot be reached, and for an answer
 *   that is not the API's
 */
export async function call<Schema extends TSchema>(
  connection: Connection,
  request: Call,
  schema: Schema,
): Promise<Static<Schema>> {
  const value = await send(connection, request);
  if (Check(schema, value)) return value;
  throw new UnreachableError(
    `${request.method} ${request.path} at ${connection.baseUrl} answered something that is not the API's: check the address.`,
  );
}

/** Sends a request whose answer has no body. */
export async function callForNothing(connection: Connection, request: Call): Promise<void> {
  await send(connection, request);
}

async function send(connection: Connection, request: Call): Promise<unknown> {
  const path = `${connection.prefix ?? "/vue/_api/v1"}${request.path}`;
  const url = URL.parse(path, connection.baseUrl);
  if (!url) throw new UnreachableError(`${JSON.stringify(connection.baseUrl)} is not the address of a node.`);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const response = await reach(url, {
    method: request.method,
    headers: {
      authorization: `Bearer ${connection.apiKey}`,
      "x-customer-code": connection.customerCode,
      "content-type": "application/json",
      ...request.headers,
    },
    ...(request.body && { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  const value: unknown = text === "" ? undefined : parse(text);
  if (response.ok) return value;
  if (Check(Problem, value)) throw new ProblemError(value);
  throw new UnreachableError(
    `${request.method} ${url} answered ${response.status}, and not as the API does: ${text.slice(0, 200)}`,
  );
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const reason = reasonOf(error);
    throw new UnreachableError(
      `No node answers at ${url.origin} (${reason}): check that it runs there, or give the address of one that does.`,
      error,
    );
  }
}

/** fetch says "fetch failed", and keeps why in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
