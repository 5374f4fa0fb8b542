import { Ajv, type AnySchemaObject, type ErrorObject, type Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { RE2JS } from "re2js";
import { ParamsFault } from "../params-fault.ts";

/** One thing that is wrong with a record. */
export interface SchemaFault {
  readonly pointer: string;
  readonly message: string;
}

/** Checks a record. @returns what is wrong with it; undefined where nothing is */
export type SchemaCheck = (record: unknown) => readonly SchemaFault[] | undefined;

/** Of the faults of one record, told to whoever asks for more than the first. */
const mostFaults = 10;

const draft7 = /^http:\/\/json-schema\.org\/draft-0[67]\/schema#?$/;

/** RE2 takes time in proportion to the text, whatever the pattern. */
const engine = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern);
    // Ajv knows a pattern by its text: without one of its own, each would be taken for the first.
    return { test: (text: string) => compiled.matcher(text).find(), toString: () => `/${pattern}/re2` };
  },
  { code: "" },
);

/**
 * Compiles a customer's JSON Schema.
 *
 * @param name of the step that it belongs to
 * @param values `texts`: the format knows nothing but texts, so "12" is made a number, in the record itself, where the schema wants one
 * @param wanted `all` the faults of a record costs much where there are many
 * @throws ParamsFault for a schema that is none, names another document, or has a pattern that RE2 has not
 */
export function compileSchema(
  name: string,
  schema: object,
  values: "texts" | "typed",
  wanted: "first" | "all",
): SchemaCheck {
  const options: Options = {
    strict: false,
    coerceTypes: values === "texts",
    validateFormats: true,
    allErrors: wanted === "all",
    code: { regExp: engine },
    logger: false,
  };
  const isDraft7 = "$schema" in schema && typeof schema.$schema === "string" && draft7.test(schema.$schema);
  const ajv = isDraft7 ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv);
  try {
    const validate = ajv.compile(asSchema(schema));
    return (record) => (validate(record) ? undefined : (validate.errors ?? []).slice(0, mostFaults).map(faultOf));
  } catch (error) {
    throw new ParamsFault(name, ` cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function asSchema(schema: object): AnySchemaObject {
  const { $async: _, ...rest }: Record<string, unknown> = { ...schema };
  return rest;
}

function faultOf({ instancePath, keyword, params, message = "is not valid" }: ErrorObject): SchemaFault {
  const extra = keyword === "additionalProperties" ? `: ${String(params.additionalProperty)}` : "";
  const allowed =
    keyword === "enum" && Array.isArray(params.allowedValues)
      ? `: ${JSON.stringify(params.allowedValues).slice(0, 200)}`
      : "";
  return { pointer: instancePath, message: `${message}${extra}${allowed}` };
}
