/** How every file of this folder speaks to the node: one address, one CSRF token, one kind of error. */
import type { ProblemBody } from "../../../src/schemas/primitives.ts";

/** What a meta element of the document says. */
export function metaContent(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

/** The API as the browser reaches it: below whatever path a proxy has put the node. */
export const apiUrl = new URL(metaContent("api-prefix"), document.baseURI).href;

/** An answer of the node that is an error (RFC 9457). */
export class ProblemError extends Error {
  readonly problem: ProblemBody;

  constructor(problem: ProblemBody) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** The node did not answer, or something between did. */
export class UnreachableError extends Error {
  constructor(cause?: unknown) {
    super("The node cannot be reached. Check your connection; this page tries again by itself.", { cause });
    this.name = "UnreachableError";
  }
}

/** Says that the node answers, where something other than a request has found so. */
export function tellReached(): void {
  events?.reached();
}

/** Says that the node cannot be reached, where something other than a request has found so. */
export function tellUnreachable(): void {
  events?.unreachable();
}

interface Call {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What the page hears of its requests; `app/connection.ts` and `app/session.ts` listen. */
export interface RequestEvents {
  reached(): void;
  unreachable(): void;
  signedOut(): void;
}

let csrfToken = "";
let events: RequestEvents | undefined;

/** Sets what writes send in `X-CSRF-Token`. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Says who hears of requests. */
export function listenToRequests(listener: RequestEvents): void {
  events = listener;
}

/**
 * Sends a request and reads its answer.
 *
 * @param path below the API's prefix, with its parts encoded
 * @returns the answer as the schema of the route has it: page and node are of one build
 * @throws ProblemError, UnreachableError
 */
export async function request<Answer>(method: string, path: string, call: Call = {}): Promise<Answer> {
  const url = new URL(apiUrl + path);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  const response = await send(method, url, call);
  const text = await response.text();
  const value = parse(text);
  if (response.ok) {
    events?.reached();
    return value;
  }
  if (!isProblem(value)) {
    events?.unreachable();
    throw new UnreachableError(`${response.status} ${text.slice(0, 200)}`);
  }
  if (value.code === "UNAVAILABLE") events?.unreachable();
  else events?.reached();
  if (response.status === 401 && !path.startsWith("/session")) events?.signedOut();
  throw new ProblemError(value);
}

/**
 * Sends a form with files, and tells how far it is: `fetch` does not say.
 *
 * @param progress bytes of the form that have been sent
 * @throws ProblemError, UnreachableError; DOMException AbortError once the signal is aborted
 */
export function sendForm<Answer>(
  path: string,
  form: FormData,
  progress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open("POST", apiUrl + path);
    sending.setRequestHeader("x-csrf-token", csrfToken);
    sending.upload.onprogress = ({ loaded }) => progress(loaded);
    sending.onload = () => {
      const value = parse(sending.responseText);
      if (sending.status >= 200 && sending.status < 300) resolve(value);
      else if (!isProblem(value)) reject(new UnreachableError(sending.responseText.slice(0, 200)));
      else {
        if (sending.status === 401) events?.signedOut();
        reject(new ProblemError(value));
      }
    };
    sending.onerror = () => reject(new UnreachableError());
    sending.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => sending.abort());
    if (signal.aborted) reject(signal.reason);
    else sending.send(form);
  });
}

/**
 * Reads a part of a file.
 *
 * @param from the first byte; at most `length` of them come
 * @returns the bytes, and how many the whole file has
 * @throws ProblemError, UnreachableError
 */
export async function readBytes(
  path: string,
  { query = {}, from, length, signal }: Call & { readonly from: number; readonly length: number },
): Promise<{ readonly bytes: Uint8Array; readonly total: number }> {
  const url = new URL(apiUrl + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const headers = { range: `bytes=${from}-${from + length - 1}` };
  const response = await send("GET", url, { headers, ...(signal && { signal }) });
  if (response.ok) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    const total = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? bytes.length);
    return { bytes, total };
  }
  const value = parse(await response.text());
  throw isProblem(value) ? new ProblemError(value) : new UnreachableError(String(response.status));
}

async function send(method: string, url: URL, { body, headers, signal }: Call): Promise<Response> {
  const isRead = method === "GET";
  try {
    return await fetch(url, {
      method,
      credentials: "same-origin",
      headers: {
        ...(body && { "content-type": "application/json" }),
        ...(!isRead && { "x-csrf-token": csrfToken }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    events?.unreachable();
    throw new UnreachableError(error);
  }
}

function parse(text: string) {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is ProblemBody {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

/** One part of a path. */
export function part(text: string): string {
  return encodeURIComponent(text);
}
