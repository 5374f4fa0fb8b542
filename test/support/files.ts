/** Uploads and downloads as a client sends them. */
import { type Caller, prefix, type RawAnswer, read } from "./http.ts";

type Content = string | Uint8Array<ArrayBuffer>;

function headersOf({ apiKey, customerCode }: Caller): Record<string, string> {
  return { authorization: `Bearer ${apiKey}`, "x-customer-code": customerCode };
}

/** Uploads files, in the order in which they are given. */
export async function upload(
  caller: Caller,
  bucketCode: string,
  files: readonly (readonly [filename: string, content: Content])[],
): Promise<RawAnswer> {
  const body = new FormData();
  for (const [filename, content] of files) body.append("file[]", new Blob([content]), filename);
  return read(
    await fetch(`${caller.origin}${prefix}/buckets/${bucketCode}/upload`, {
      method: "POST",
      headers: headersOf(caller),
      body,
    }),
  );
}

/** Downloads a file. */
export async function download(
  caller: Caller,
  bucketCode: string,
  filename: string,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const query = new URLSearchParams({ filename });
  return read(
    await fetch(`${caller.origin}${prefix}/buckets/${bucketCode}/download?${query}`, {
      headers: { ...headersOf(caller), ...headers },
    }),
  );
}
