/** The same route doing one INSERT, and so one commit, per request: the id and the params of a job. */
import { randomUUID } from "node:crypto";
import Fastify from "fastify";
import postgres from "postgres";
import Type from "typebox";
import { Value } from "typebox/value";
import { serveParent } from "../../support/serve-parent.ts";

const url = new URL(process.env.BENCH_DATABASE_URL ?? "");
const { searchParams, pathname } = url;
const sql = postgres({
  host: searchParams.get("host") ?? "",
  port: Number(searchParams.get("port")),
  user: searchParams.get("user") ?? "",
  database: pathname.slice(1),
  // As many as Punctual has.
  max: 12,
  onnotice: () => undefined,
});
await sql`create table job (id uuid primary key, params json not null, created_at timestamptz not null default now())`;

const Body = Type.Object({ params: Type.Object({}, { additionalProperties: true }) });
const app = Fastify();
app.post("/job-types/:jobTypeCode/_execute", async (request) => {
  const { params } = Value.Parse(Body, request.body);
  const id = randomUUID();
  await sql`insert into job (id, params) values (${id}, ${JSON.stringify(params)}::json)`;
  return { jobId: id };
});
await app.listen({ host: "127.0.0.1", port: 0 });

await serveParent({ where: async () => ({ url: `${app.listeningOrigin}/job-types/noOp/_execute` }) }, async () => {
  await app.close();
  await sql.end({ timeout: 1 });
});
