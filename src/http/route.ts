/**
 * How a route of the API is declared. The app does the rest: it lets in, checks the role, parses params, query and
 * body, and writes problems. A route cannot be declared without a role, so none can forget it.
 */
import type { Readable } from "node:stream";
import type { Static, TSchema } from "typebox";
import Type from "typebox";
import type { Context } from "../domain/context.ts";
import type { IncomingFile } from "../domain/upload-files.ts";
import type { Actor } from "../model/actor.ts";
import { type ApiErrorCode, apiErrors } from "../model/api-errors.ts";
import type { Role } from "../model/roles.ts";
import { Problem } from "../schemas/primitives.ts";

/** What a handler answers. */
export interface Answer {
  readonly status: number;
  readonly body?: object;
  /** Instead of a body: the bytes of its JSON. */
  readonly json?: Uint8Array;
  /** Instead of a body: bytes as they come, of the type that the header `content-type` names. */
  readonly stream?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a handler is given: everything parsed, nothing of HTTP but the headers that matter. */
export interface RouteRequest<Params, Query, Body> {
  readonly context: Context;
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The path without the query, as it was sent. */
  readonly path: string;
  /** The files of a multipart body, as they come; for routes that read files. */
  files(): AsyncIterable<IncomingFile>;
  /** The first value of a header, by its lower-case name. */
  header(name: string): string | undefined;
}

interface Declared {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the API's prefix. */
  readonly url: string;
  /** The least role that may do it. */
  readonly role: Role;
  readonly summary: string;
  /** `files`: the body is multipart, and read by `files()`; otherwise it is JSON. */
  readonly reads?: "files";
  readonly description?: string;
  /** Status → schema of the body; problems by {@link problems}. */
  readonly answers: Readonly<Record<number, TSchema>>;
}

/** A declared route whose handler knows the types of its params, query and body. */
export interface RouteOf<Params extends TSchema, Query extends TSchema, Body extends TSchema> extends Declared {
  readonly params: Params;
  readonly query: Query;
  /** An absent body is read as `{}`. */
  readonly body: Body;
  handle(request: RouteRequest<Static<Params>, Static<Query>, Static<Body>>): Promise<Answer>;
}

/** A declared route, of whatever shape: what the app registers. */
export type Route = RouteOf<TSchema, TSchema, TSchema>;

const Nothing = Type.Object({});

/** Declares a route. */
export function route<
  Params extends TSchema = typeof Nothing,
  Query extends TSchema = typeof Nothing,
  Body extends TSchema = typeof Nothing,
>(
  declared: Declared & { params?: Params; query?: Query; body?: Body } & Pick<RouteOf<Params, Query, Body>, "handle">,
): Route {
  return { params: Nothing, query: Nothing, body: Nothing, ...declared };
}

/** The schemas of problems that a route may answer, for the API's document. */
export function problems(...codes: ApiErrorCode[]): Record<number, TSchema> {
  return Object.fromEntries(codes.map((code) => [apiErrors[code].status, Problem]));
}

/** 200 with a body. */
export function ok(body: object, headers: Record<string, string> = {}): Answer {
  return { status: 200, body, headers };
}

/** 200 with bytes as they come. */
export function streamed(stream: Readable, headers: Record<string, string>): Answer {
  return { status: 200, stream, headers };
}

/** 201 with a body. */
export function created(body: object, headers: Record<string, string> = {}): Answer {
  return { status: 201, body, headers };
}

/** The schema of an answer without a body. */
export const NoBody = Type.Null({ description: "Done; there is no body." });

/** 204. */
export function noContent(): Answer {
  return { status: 204 };
}
