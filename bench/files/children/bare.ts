/** csv-parse as its documentation has it, alone and with Ajv for each record. */
import { createReadStream } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "csv-parse";
import { serveParent } from "../../support/serve-parent.ts";
import { schema } from "../rows.ts";

async function read(path: string, check: (record: unknown) => boolean): Promise<object> {
  const began = performance.now();
  let rows = 0;
  let invalid = 0;
  for await (const record of createReadStream(path).pipe(parse({ columns: true }))) {
    rows += 1;
    if (!check(record)) invalid += 1;
  }
  return { ms: performance.now() - began, rows, invalid };
}

const ajv = new Ajv2020({ coerceTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

await serveParent(
  {
    parse: (details) => read(details.text("path"), () => true),
    check: (details) => read(details.text("path"), (record) => validate(record)),
  },
  async () => undefined,
);
