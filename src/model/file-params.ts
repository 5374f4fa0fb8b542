/** What may be asked of the records in files: schemas that job types and the API share, and rules that a schema cannot say. */
import Type, { type Static } from "typebox";
import type { FieldError } from "./api-errors.ts";
import { isEncoding } from "./encodings.ts";
import { longestFilePattern } from "./file-name.ts";
import { codePattern } from "./job-definition.ts";
import { holdsPlaceholder, secretReferences } from "./placeholders.ts";

const fileFormats = ["delimited", "json", "jsonl", "excel", "xml"] as const;

/** Extensions of files in each format. */
const extensions = { delimited: "csv", json: "json", jsonl: "jsonl", excel: "xlsx", xml: "xml" } as const;

const Format = Type.Enum([...fileFormats]);
const Compression = Type.Enum(["none", "gzip"]);
const Columns = Type.Array(Type.String({ maxLength: 255 }), { minItems: 1, maxItems: 10_000 });
const Character = Type.String({ minLength: 1, maxLength: 4 });
const options = { additionalProperties: false };

/** How files are read; what is left open, their names say. */
export const ParseOptions = Type.Object(
  {
    format: Type.Optional(Format),
    encoding: Type.Optional(Type.String({ maxLength: 40, description: "A label of the Encoding Standard; utf-8." })),
    compression: Type.Optional(Compression),
    delimiter: Type.Optional(Character),
    quote: Type.Optional(Type.Union([Character, Type.Null()])),
    escape: Type.Optional(Character),
    columns: Type.Optional(Columns),
    skipLines: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    path: Type.Optional(Type.String({ maxLength: 1_000, description: "JSON: a pointer to the array of records." })),
    sheet: Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Integer({ minimum: 1, maximum: 10_000 })])),
    headerRow: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_048_576 })),
    recordPath: Type.Optional(Type.String({ maxLength: 1_000, description: "XML: /orders/order, for example." })),
  },
  options,
);

/** How a file is written. */
export const TargetFormat = Type.Object(
  {
    format: Format,
    compression: Type.Optional(Compression),
    delimiter: Type.Optional(Character),
    quote: Type.Optional(Character),
    columns: Type.Optional(Columns),
    rootElement: Type.Optional(Type.String({ maxLength: 255 })),
    recordElement: Type.Optional(Type.String({ maxLength: 255 })),
    sheet: Type.Optional(Type.String({ maxLength: 31 })),
  },
  options,
);

/** A JSON Schema of a customer's. */
export const RecordSchema = Type.Unsafe<object>({
  type: "object",
  description: "JSON Schema (2020-12; 7 where $schema says so). Patterns are RE2's.",
});

const FieldMapping = Type.Union([
  Type.String({ maxLength: 1_000 }),
  Type.Object(
    {
      from: Type.String({ maxLength: 1_000 }),
      default: Type.Optional(Type.Unknown()),
      type: Type.Optional(Type.Enum(["string", "number", "integer", "boolean"])),
    },
    options,
  ),
  Type.Object({ value: Type.Unknown() }, options),
]);

/** Ways to make records of others, one after another. */
export const Transformers = Type.Array(
  Type.Union([
    Type.Object(
      {
        type: Type.Literal("mapping"),
        fields: Type.Record(Type.String(), FieldMapping, { minProperties: 1, maxProperties: 10_000 }),
        schema: Type.Optional(RecordSchema),
      },
      options,
    ),
    Type.Object(
      {
        type: Type.Literal("jsonata"),
        expression: Type.String({ minLength: 1, maxLength: 4_096 }),
        schema: Type.Optional(RecordSchema),
      },
      options,
    ),
  ]),
  { maxItems: 20 },
);

const Bucket = Type.String({ pattern: codePattern });

/** What happens to each record of a file. */
export const recordParams = {
  parseOptions: Type.Optional(ParseOptions),
  sourceSchema: Type.Optional(RecordSchema),
  recordIdentifierField: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  transformers: Type.Optional(Transformers),
  targetSchema: Type.Optional(RecordSchema),
};

/** The params that every job type that works on files has. */
export const fileParams = {
  incomingBucketCode: Bucket,
  filenamePattern: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: longestFilePattern,
      description: "`*` is any text, `?` one character. Files are taken in the order of their names.",
      examples: ["orders_*.csv"],
    }),
  ),
  rejectsOf: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: "In place of filenamePattern: a file of errors, whose records are run again.",
    }),
  ),
  ...recordParams,
  skipInvalidRecords: Type.Optional(
    Type.Boolean({
      default: false,
      description: "Go on without records that are not valid; otherwise they fail the file.",
    }),
  ),
  processLastMatchedFile: Type.Optional(
    Type.Boolean({ default: false, description: "Work on the last file that matches; earlier ones are skipped." }),
  ),
  skippedBucketCode: Type.Optional(Bucket),
  processedBucketCode: Type.Optional(Bucket),
  invalidBucketCode: Type.Optional(Bucket),
};

const RecordParams = Type.Object(recordParams);

/** Params of {@link recordParams}. */
export type RecordParams = Static<typeof RecordParams>;

/** Params of {@link fileParams}. */
const FileParams = Type.Object(fileParams);

const File = Type.Object({ bucketCode: Type.String(), filename: Type.String(), bytes: Type.Integer() });
const counts = {
  read: Type.Integer(),
  valid: Type.Integer(),
  invalid: Type.Integer(),
  dropped: Type.Integer(),
};

/** What has become of one file. */
const FileOutcome = Type.Object({
  filename: Type.String(),
  status: Type.Enum(["processed", "invalid", "unreadable", "skipped"]),
  ...counts,
  target: Type.Union([File, Type.Null()]),
  errors: Type.Union([File, Type.Null()]),
  movedTo: Type.Union([Type.String(), Type.Null()]),
  fault: Type.Union([Type.String(), Type.Null()]),
});

/** What has become of all files of a job. */
export const FilesReport = Type.Object({
  files: Type.Array(FileOutcome, { description: "The first 200." }),
  omitted: Type.Integer({ description: "Files that are not listed." }),
  held: Type.Integer({ description: "Files passed over because another job works on them." }),
  totals: Type.Object({ files: Type.Integer(), ...counts }),
});

/** What has become of one file. */
export type FileOutcome = Static<typeof FileOutcome>;
/** What has become of all files of a job. */
export type FilesReport = Static<typeof FilesReport>;

/** How a target file is made; only for types that write one. */
export interface TargetParams {
  readonly targetBucketCode: string;
  /** `{name}` is the source's name without its extension. */
  readonly targetFilenamePattern?: string;
  readonly targetFormat: Static<typeof TargetFormat>;
}

/** What is to be done with which files. */
export type FilesRequest = Static<typeof FileParams> & { readonly target: TargetParams | null };

/** Characters of a schema as JSON. */
const longestSchema = 256 * 1024;
/** Objects and arrays within one another. */
const deepestSchema = 40;

/** The faults of params that their schema does not find, whether or not placeholders are filled in. */
export function faultsOfFileParams(params: FilesRequest): FieldError[] {
  const faults: FieldError[] = [];
  const add = (path: string, message: string): void => void faults.push({ path, message });
  const { filenamePattern, rejectsOf, processLastMatchedFile = false, target } = params;
  if ((filenamePattern === undefined) === (rejectsOf === undefined)) {
    add("/filenamePattern", "give either filenamePattern or rejectsOf");
  }
  if (params.skippedBucketCode !== undefined && !processLastMatchedFile) {
    add("/skippedBucketCode", "is used only with processLastMatchedFile: no file is skipped otherwise");
  }
  faults.push(...faultsOfRecordParams(params));
  const name = target?.targetFilenamePattern;
  for (const [key, value] of Object.entries({ ...params, ...target, target: null })) {
    if (secretReferences(value).size > 0)
      add(`/${key}`, "must not hold a secret: it would show in files, or in their names");
  }
  const isOne = rejectsOf !== undefined || processLastMatchedFile || !/[*?]/.test(filenamePattern ?? "");
  if (name !== undefined && !isOne && !name.includes("{name}")) {
    add("/targetFilenamePattern", "must hold {name}: files that match would replace one another's targets");
  }
  return faults;
}

/** The same of the params that are about records. */
export function faultsOfRecordParams(params: RecordParams): FieldError[] {
  const faults: FieldError[] = [];
  const add = (path: string, message: string): void => void faults.push({ path, message });
  const { encoding, format, recordPath } = params.parseOptions ?? {};
  if (encoding !== undefined && !holdsPlaceholder(encoding) && !isEncoding(encoding)) {
    add("/parseOptions/encoding", "is not an encoding that is known here");
  }
  if (format === "xml" && recordPath === undefined) {
    add("/parseOptions/recordPath", "XML needs it, for example /orders/order");
  }
  for (const [path, schema] of schemasOf(params)) {
    if (depthOf(schema) > deepestSchema) add(path, `must not nest deeper than ${deepestSchema}`);
    else if (JSON.stringify(schema).length > longestSchema)
      add(path, `must be at most ${longestSchema} characters of JSON`);
  }
  return faults;
}

function schemasOf(params: RecordParams): [path: string, schema: object][] {
  const all: [string, object | undefined][] = [
    ["/sourceSchema", params.sourceSchema],
    ["/targetSchema", params.targetSchema],
    ...(params.transformers ?? []).map(({ schema }, index): [string, object | undefined] => [
      `/transformers/${index}/schema`,
      schema,
    ]),
  ];
  return all.flatMap(([path, schema]) => (schema ? [[path, schema] satisfies [string, object]] : []));
}

function depthOf(value: unknown, limit = deepestSchema + 1): number {
  if (typeof value !== "object" || value === null) return 0;
  if (limit === 0) return 1;
  return 1 + Math.max(0, ...Object.values(value).map((one) => depthOf(one, limit - 1)));
}

/** The name of the file that is made of a source. */
export function targetNameOf(filename: string, { targetFilenamePattern, targetFormat }: TargetParams): string {
  const packed = targetFormat.compression === "gzip" ? ".gz" : "";
  const pattern = targetFilenamePattern ?? `{name}.${extensions[targetFormat.format]}${packed}`;
  const stem = filename.replace(/\.gz$/i, "").replace(/(?<=.)\.[^.]*$/, "");
  return pattern.replaceAll("{name}", () => stem);
}

/** The name of the file of errors beside a file. @param now milliseconds since the epoch */
export function errorsNameOf(filename: string, now: number): string {
  const digits = new Date(now).toISOString().replace(/[-:]/g, "").replace("T", "_").slice(0, 15);
  const end = `.${digits}.errors.jsonl`;
  let stem = filename;
  while (Buffer.byteLength(stem + end) > 255)
    stem = stem
      .slice(0, -1)
      .toWellFormed()
      .replace(/\ufffd$/, "");
  return stem + end;
}
