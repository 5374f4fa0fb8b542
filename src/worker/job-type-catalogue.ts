import { Compile } from "typebox/compile";
import type { JobTypeCatalogue, JobTypeInfo } from "../domain/context.ts";
import type { JobContext, JobType } from "../job-types/contract.ts";
import type { FieldError } from "../model/api-errors.ts";
import { fieldErrors } from "../model/field-errors.ts";
import { holdsPlaceholder } from "../model/placeholders.ts";
import type { SchemaComplaint } from "../model/schema-complaint.ts";

/** A job type as the worker runs it: params have been checked when they get here. */
export interface RunnableJobType extends JobTypeInfo {
  run(ctx: JobContext, params: Record<string, unknown>): Promise<unknown>;
}

/** The catalogue as the worker sees it: its types can be run. */
export interface RunnableCatalogue extends JobTypeCatalogue {
  find(code: string): RunnableJobType | undefined;
}

/** Keywords that look into a string, where a placeholder stands for text that is not there yet. */
const contentKeywords = new Set(["pattern", "format", "enum", "const"]);

const codePattern = /^[A-Za-z][A-Za-z0-9]{0,63}$/;

/**
 * Compiles the schemas of job types.
 *
 * @throws Error for a code that is taken or malformed: a fault of whoever wrote the type, found at start
 */
export function createCatalogue(types: readonly JobType[]): RunnableCatalogue {
  const runnable = new Map<string, RunnableJobType>();
  for (const type of types) {
    if (!codePattern.test(type.code)) {
      throw new Error(`The job type code ${JSON.stringify(type.code)} is not 1–64 letters and digits, a letter first.`);
    }
    if (runnable.has(type.code)) throw new Error(`Two job types have the code ${type.code}; rename one of them.`);
    runnable.set(type.code, compile(type));
  }
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
        const real = moment === "stored" ? withoutPlaceholders(complaints, value) : complaints;
        if (real.length > 0) return fieldErrors(real);
        return [];
      }
      return [...(type.checkParams?.(value, moment) ?? [])];
    },
    run: (ctx, value) => type.run(ctx, value),
  };
}

/** A choice (anyOf) is refused because of what it holds: where that is a placeholder, the choice is not made yet either. */
function withoutPlaceholders(complaints: readonly SchemaComplaint[], value: unknown): SchemaComplaint[] {
  const open = complaints.filter((one) => isAboutPlaceholder(one, value)).map((one) => one.instancePath);
  return complaints.filter(({ keyword, instancePath }) => {
    if (open.includes(instancePath)) return false;
    return keyword !== "anyOf" || !open.some((path) => path.startsWith(`${instancePath}/`));
  });
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
    found = Reflect.get(found, name);
  }
  return found;
}
