import type { FastifyInstance } from "fastify";

/**
 * Makes the API's document hold a schema that has a name (`$id`) once: puts a reference where it stands, and tells Fastify of it.
 *
 * Only the document is made from what comes back; requests are parsed by the schemas as they are.
 */
export function shareNamed(app: FastifyInstance, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((part) => shareNamed(app, part));
  if (typeof schema !== "object" || schema === null) return schema;
  const fields = new Map<string, unknown>(Object.entries(schema));
  const shared = new Map([...fields].map(([name, part]) => [name, shareNamed(app, part)]));
  const name = fields.get("$id");
  if (typeof name !== "string") return Object.fromEntries(shared);
  if (!(name in app.getSchemas())) app.addSchema(Object.fromEntries(shared));
  return { $ref: `${name}#` };
}
