/** Requests as they go over the wire, for tests of what the client would not let through. */
import { Check } from "typebox/value";
import { expect } from "vitest";
import { Problem, type ProblemBody } from "../../src/schemas/primitives.ts";

/** Whom to speak to, and as whom. */
export interface Caller {
  readonly origin: string;
  readonly apiKey: string;
  readonly customerCode: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON; undefined where it is none. */
  readonly body: unknown;
}

/** Header → value; undefined takes out one that is sent otherwise. */
export type HeaderChanges = Readonly<Record<string, string | undefined>>;

export type Send = (method: string, path: string, body?: unknown, headers?: HeaderChanges) => Promise<RawAnswer>;

export const prefix = "/vue/_api/v1";

/** Sends requests below the prefix, each with key, customer and Content-Type; texts and bytes go as they are, all else as JSON. */
export function sender({ origin, apiKey, customerCode }: Caller): Send {
  return async (method, path, body, changes = {}) => {
    const headers = new Headers({
      authorization: `Bearer ${apiKey}`,
      "x-customer-code": customerCode,
      "content-type": "application/json",
    });
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
    }
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const payload = body === undefined || isRaw ? body : JSON.stringify(body);
    const request = { method, headers, ...(payload !== undefined && { body: payload }) };
    return read(await fetch(`${origin}${prefix}${path}`, request));
  };
}

/** Reads a whole answer; of a stream of events the head. */
export async function read(response: Response): Promise<RawAnswer> {
  const isEndless = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
  if (isEndless) await response.body?.cancel();
  const text = isEndless ? "" : await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The answer's problem; fails where it is none, or not whole (RFC 9457 and DESIGN, section 5). */
export function problemOf(answer: RawAnswer): ProblemBody {
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  if (!Check(Problem, answer.body)) throw new Error(`not a problem: ${answer.status} ${answer.text.slice(0, 300)}`);
  expect(answer.body.status).toBe(answer.status);
  expect(answer.body.type).toBe(`urn:punctual:error:${answer.body.code}`);
  expect(answer.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  return answer.body;
}

/** Status and code of a problem, to compare in one line. */
export function statusAndCode(answer: RawAnswer): string {
  const { status, code } = problemOf(answer);
  return `${status} ${code}`;
}
