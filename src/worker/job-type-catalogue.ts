import { Compile } from "typebox/compile";
import type { JobTypeCatalogue, JobTypeInfo } from "../domain/context.ts";
import type { JobContext, JobType } from "../job-types/contract.ts";
import type { FieldError } from "../model/errors.ts";
import { fieldErrors, type SchemaComplaint } from "../model/field-errors.ts";
import { holdsPlaceholder } from "../model/placeholders.ts";

/** A job type as the worker runs it: params have been checked when they get here. */
export interface RunnableJobType extends JobTypeInfo {
  run(ctx: JobContext, params: Record<string, unknown>): Promise<unknown>;
}

export interface RunnableCatalogue extends JobTypeCatalogue {
  find(code: string): RunnableJobType | undefined;
}

/** Keywords that look into a string, where a placeholder stands for text that is not there yet. */
const contentKeywords = new Set(["pattern", "format", "enum", "const"]);

/** Compiles the schemas of job types; each code must be there once. */
export function createCatalogue(types: readonly JobType[]): RunnableCatalogue {
  const runnable = new Map(types.map((type) => [type.code, compile(type)]));
  if (runnable.size !== types.length) throw new Error("two job types have the same code");
  const sorted = [...runnable.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  return { list: () => sorted, find: (code) => runnable.get(code) };
}

function compile(type: JobType): RunnableJobType {
  const params = Compile(type.paramsSchema);
  const { code, name, description, paramsSchema, resultSchema, defaults } = type;
  return {
    code,
    name,
    description,
    paramsSchema,
    resultSchema,
    defaults,
    checkParams(value, moment): FieldError[] {
      if (!params.Check(value)) {
        const complaints = params.Errors(value);
        const real = moment === "stored" ? complaints.filter((one) => !isAboutPlaceholder(one, value)) : complaints;
        if (real.length > 0) return fieldErrors(real);
        return [];
      }
      return [...(type.checkParams?.(value) ?? [])];
    },
    run: (ctx, value) => type.run(ctx, value),
  };
}

function isAboutPlaceholder(complaint: SchemaComplaint, value: unknown): boolean {
  if (!contentKeywords.has(complaint.keyword)) return false;
  const found = valueAt(value, complaint.instancePath);
  return typeof found === "string" && holdsPlaceholder(found);
}

/** RFC 6901, section 4. */
function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof found !== "object" || found === null) return undefined;
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    found = new Map(Object.entries(found)).get(name);
  }
  return found;
}
