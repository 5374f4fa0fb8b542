/**
 * The files of a `multipart/form-data` body, one after another as they come, without waiting for the whole.
 *
 * Invariants: a file is read before the next one begins; a client that sends nothing for half a minute is cut off; other fields are refused.
 */
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { IncomingFile } from "../domain/upload-files.ts";
import { ApiError, invalid } from "../model/api-errors.ts";

const field = "file[]";
const mostFiles = 100;
const idleMs = 30_000;

/** Lets the app take multipart bodies, where a route reads them. */
export async function registerFiles(app: FastifyInstance): Promise<void> {
  await app.register(multipart, {
    // Domain bounds the size of a file, and says so.
    limits: {
      fileSize: Number.POSITIVE_INFINITY,
      files: mostFiles + 1,
      fields: 0,
      parts: mostFiles + 1,
      headerPairs: 50,
    },
    // The whole name as it was sent: what a path means is not to be guessed.
    preservePath: true,
  });
}

/** Reads the files of a request. @throws ApiError UNSUPPORTED_MEDIA_TYPE, VALIDATION_FAILED, REQUEST_TIMEOUT */
export async function* readFiles(request: FastifyRequest): AsyncIterable<IncomingFile> {
  if (!request.isMultipart()) {
    throw new ApiError("UNSUPPORTED_MEDIA_TYPE", `Send the files as multipart/form-data, in fields named ${field}.`);
  }
  let count = 0;
  try {
    for await (const part of request.files()) {
      if (part.fieldname !== field && part.fieldname !== "file") {
        throw invalid([{ path: `/${part.fieldname}`, message: `is not known: send files in fields named ${field}` }]);
      }
      count += 1;
      if (count > mostFiles) throw tooMany();
      const watch = setInterval(() => {
        if (part.file.bytesRead === seen) part.file.destroy(tooSlow());
        seen = part.file.bytesRead;
      }, idleMs);
      let seen = -1;
      part.file.once("close", () => clearInterval(watch));
      yield { filename: part.filename, content: part.file };
    }
  } catch (error) {
    throw multipartFault(error);
  }
}

function tooSlow(): ApiError {
  return new ApiError("REQUEST_TIMEOUT", "Nothing of the file came for 30 seconds.");
}

function tooMany(): ApiError {
  return invalid([{ path: `/${field}`, message: `holds more than ${mostFiles} files: send them in several requests` }]);
}

function multipartFault(error: unknown): unknown {
  if (error instanceof ApiError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (code === "FST_FILES_LIMIT" || code === "FST_PARTS_LIMIT") return tooMany();
  if (code === "FST_FIELDS_LIMIT")
    return invalid([{ path: "", message: `only files are read, in fields named ${field}` }]);
  if (code === "FST_INVALID_MULTIPART_CONTENT_TYPE") return new ApiError("UNSUPPORTED_MEDIA_TYPE", error.message);
  if (/multipart|boundary|Unexpected end of form|Malformed part/i.test(error.message)) {
    return new ApiError("VALIDATION_FAILED", `The multipart body is not whole: ${error.message}.`);
  }
  return error;
}
