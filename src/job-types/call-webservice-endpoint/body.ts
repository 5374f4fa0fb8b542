/** Makes of `body` the bytes that are sent, and says what they are. */
import type { Params } from "./params.ts";

/** A body as it is sent. */
export interface EncodedBody {
  readonly content: string | Uint8Array;
  readonly contentType: string;
  /** Whether no other Content-Type would be true: that of multipart holds the boundary. */
  readonly fixedType: boolean;
}

/** A file of a multipart body, checked. */
interface FilePart {
  readonly filename: string;
  readonly contentType?: string;
  readonly content?: string;
  readonly contentBase64?: string;
}

/** A field of a form, checked. */
type Scalar = string | number | boolean;

/** A field or a file of a form, by its name. */
type Field = readonly [name: string, value: Scalar | FilePart];

/** Whether nothing is to be sent: forms leave empty fields behind as null or "". */
export function hasNoBody(body: unknown): boolean {
  return body === undefined || body === null || body === "";
}

/**
 * The body that params describe; `undefined` where nothing is sent.
 *
 * @param params checked
 */
export function encodeBody({ body, bodyType }: Params): EncodedBody | Promise<EncodedBody> | undefined {
  if (hasNoBody(body)) return undefined;
  switch (bodyType ?? (typeof body === "string" ? "text" : "json")) {
    case "text":
      return plain(String(body), "text/plain; charset=utf-8");
    case "form":
      return plain(form(body), "application/x-www-form-urlencoded");
    case "multipart":
      return multipart(body);
    case "base64":
      return plain(Buffer.from(String(body), "base64"), "application/octet-stream");
    default:
      return plain(JSON.stringify(body), "application/json");
  }
}

function plain(content: string | Uint8Array, contentType: string): EncodedBody {
  return { content, contentType, fixedType: false };
}

function form(body: unknown): string {
  const params = new URLSearchParams();
  for (const [name, value] of fieldsOf(body)) if (!isFile(value)) params.append(name, String(value));
  return params.toString();
}

/** Files come last: some servers want to know the other fields before they take them (S3's POST policies). */
async function multipart(body: unknown): Promise<EncodedBody> {
  const data = new FormData();
  const fields = fieldsOf(body);
  for (const [name, value] of fields) if (!isFile(value)) data.append(name, String(value));
  for (const [name, value] of fields) if (isFile(value)) data.append(name, blobOf(value), value.filename);
  // The writer of multipart is the platform's own: it escapes names, and picks a boundary.
  const written = new Response(data);
  return {
    content: new Uint8Array(await written.arrayBuffer()),
    contentType: written.headers.get("content-type") ?? "multipart/form-data",
    fixedType: true,
  };
}

function blobOf({ content, contentBase64, contentType = "application/octet-stream" }: FilePart): Blob {
  const bytes = contentBase64 === undefined ? (content ?? "") : Buffer.from(contentBase64, "base64");
  return new Blob([bytes], { type: contentType });
}

/** Every value of every field, in order; what is none is left out, as the check before has refused it. */
function fieldsOf(body: unknown): Field[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, value]: [string, unknown]): Field[] =>
    (Array.isArray(value) ? value : [value]).flatMap((one: unknown): Field[] => {
      if (isScalar(one) || isFile(one)) return [[name, one]];
      return [];
    }),
  );
}

/** Whether a field of a form may have this value. */
export function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isFile(value: unknown): value is FilePart {
  return typeof value === "object" && value !== null && "filename" in value && typeof value.filename === "string";
}
