import jsonata from "jsonata";
import type { Static } from "typebox";
import type { Transformers } from "../../model/file-params.ts";
import { ParamsFault } from "../params-fault.ts";

type Transformer = Static<typeof Transformers>[number];
type FieldMapping = Extract<Transformer, { type: "mapping" }>["fields"][string];

/** Makes a record of another; undefined drops it. Throws where it cannot. */
export type Transform = (record: unknown) => unknown;

/** Compiles a transformer. @throws ParamsFault for an expression that is no JSONata, or a name that is no field's */
export function compileTransformer(name: string, transformer: Transformer): Transform {
  return transformer.type === "mapping"
    ? compileMapping(name, transformer.fields)
    : compileExpression(name, transformer.expression);
}

function compileExpression(name: string, expression: string): Transform {
  try {
    const compiled = jsonata(expression);
    return async (record) => {
      // With bindings the expression gets a frame of its own; without, its variables would stay for the next record.
      const made: unknown = await compiled.evaluate(record, {});
      return made === undefined || made === null ? undefined : plain(made);
    };
  } catch (error) {
    throw new ParamsFault(name, `: the expression is no JSONata: ${messageOf(error)}`);
  }
}

/** JSONata marks its arrays, and keeps functions as objects: what is written is JSON alone. */
function plain(value: unknown): unknown {
  const json = JSON.stringify(value);
  return json === undefined ? undefined : JSON.parse(json);
}

function compileMapping(name: string, fields: Readonly<Record<string, FieldMapping>>): Transform {
  const steps = Object.entries(fields).map(([target, mapping]) => {
    const path = pathOf(name, target);
    return { path, target, read: reader(name, mapping) };
  });
  return (record) => {
    const made: Record<string, unknown> = {};
    for (const { path, target, read } of steps) {
      const value = read(record, target);
      if (value !== undefined) put(made, path, value);
    }
    return made;
  };
}

function reader(name: string, mapping: FieldMapping): (record: unknown, target: string) => unknown {
  if (typeof mapping === "object" && "value" in mapping) return () => mapping.value;
  const {
    from,
    default: instead,
    type,
  } = typeof mapping === "string" ? { from: mapping, default: undefined, type: undefined } : mapping;
  const path = pathOf(name, from);
  return (record, target) => {
    const found = get(record, path);
    const value = found === undefined || found === null || found === "" ? (instead ?? found) : found;
    if (type === undefined || value === undefined || value === null || value === "") return value;
    return convert(value, type, target);
  };
}

function convert(value: unknown, type: "string" | "number" | "integer" | "boolean", target: string): unknown {
  if (type === "string") return typeof value === "object" ? JSON.stringify(value) : String(value);
  if (type === "boolean") {
    const text = String(value).trim().toLowerCase();
    if (["true", "1", "yes", "y"].includes(text)) return true;
    if (["false", "0", "no", "n"].includes(text)) return false;
    throw new Error(`${target}: ${JSON.stringify(value)} is neither true nor false`);
  }
  const number = typeof value === "number" ? value : Number(String(value).trim());
  if (!Number.isFinite(number) || (type === "integer" && !Number.isInteger(number))) {
    throw new Error(`${target}: ${JSON.stringify(value)} is no ${type === "integer" ? "whole number" : "number"}`);
  }
  return number;
}

/** The names in a dotted path. @throws ParamsFault for one that would reach into what is no data */
function pathOf(name: string, dotted: string): string[] {
  const path = dotted.split(".");
  if (path.some((part) => part === "" || part === "__proto__" || part === "constructor" || part === "prototype")) {
    throw new ParamsFault(name, `: ${JSON.stringify(dotted)} is no path of names with dots between`);
  }
  return path;
}

/** What lies at a dotted path; a record may also have the whole path as the name of one field. */
export function fieldAt(record: unknown, dotted: string): unknown {
  return get(record, dotted.split("."));
}

function get(record: unknown, path: readonly string[]): unknown {
  const whole = own(record, path.join("."));
  if (whole !== undefined) return whole;
  let value = record;
  for (const part of path) value = own(value, part);
  return value;
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

function put(made: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let place = made;
  for (const part of path.slice(0, -1)) {
    const next = place[part];
    const inner: Record<string, unknown> = isPlain(next) ? next : {};
    place[part] = inner;
    place = inner;
  }
  const last = path.at(-1);
  if (last !== undefined) place[last] = value;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message).slice(0, 300)
    : String(error);
}
