/** What tests of outgoing requests share. */
import { JobError, type JobErrorCode } from "../../src/model/job-errors.ts";
import type { OutgoingRequest, OutgoingResponse } from "../../src/model/outgoing-request.ts";

/** A request with everything that a test does not care about filled in. */
export function request(url: string, more: Partial<Omit<OutgoingRequest, "url">> = {}): OutgoingRequest {
  return {
    url: new URL(url),
    method: "GET",
    headers: {},
    signal: new AbortController().signal,
    maxRedirects: 10,
    ...more,
  };
}

/** The whole body as text. */
export async function textOf(response: OutgoingResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The JobError that `work` rejects with; fails when it resolves or rejects with another code. */
export async function failure(work: Promise<unknown>, code: JobErrorCode): Promise<JobError> {
  const error = await work.then(
    () => new Error("did not fail"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof JobError && error.code === code) return error;
  throw new Error(`expected ${code}`, { cause: error });
}
