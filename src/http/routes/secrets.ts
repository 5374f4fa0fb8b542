import { deleteSecret } from "../../domain/delete-secret.ts";
import { getSecret } from "../../domain/get-secret.ts";
import { listSecrets } from "../../domain/list-secrets.ts";
import { putSecret } from "../../domain/put-secret.ts";
import { codePattern } from "../../model/job-definition.ts";
import { closed, Page } from "../../schemas/primitives.ts";
import { PutSecret, SecretAnswer, SecretList, SecretPath } from "../../schemas/secrets.ts";
import { page, readCursor } from "../cursor.ts";
import { created, NoBody, noContent, ok, problems, route } from "../route.ts";

const list = "secrets";

/** For people who write a definition and look which secrets they can refer to. */
export const listSecretsRoute = route({
  method: "GET",
  url: "/secrets",
  role: "viewer",
  summary: "List secrets, without their values",
  query: closed(Page),
  answers: { 200: SecretList },
  async handle({ actor, query, context }) {
    const limit = query.limit ?? 50;
    const after = readCursor(list, query.cursor, codePattern);
    const found = await listSecrets(context, actor, after ?? null, limit + 1);
    const { items, nextCursor } = page(list, found, limit, (secret) => secret.secretCode);
    return ok({ secrets: items, nextCursor });
  },
});

/** For people who look when a secret was last changed, and by whom. */
export const getSecretRoute = route({
  method: "GET",
  url: "/secrets/:secretCode",
  role: "viewer",
  summary: "Read a secret, without its value",
  params: SecretPath,
  answers: { 200: SecretAnswer, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    return ok({ secret: await getSecret(context, actor, params.secretCode) });
  },
});

/** For editors who have a new password or token. */
export const putSecretRoute = route({
  method: "PUT",
  url: "/secrets/:secretCode",
  role: "editor",
  summary: "Create a secret or replace its value",
  description:
    "Params refer to it as `{{secrets.CODE}}`. The value is encrypted, is put in when a job runs, and is hidden wherever it would show; nothing answers it again. A new value holds from the next run on.",
  params: SecretPath,
  body: PutSecret,
  answers: { 200: SecretAnswer, 201: SecretAnswer, ...problems("CONFLICT") },
  async handle({ actor, params, body, context }) {
    const { value, hosts } = body;
    const put = await putSecret(context, actor, params.secretCode, { value, hosts });
    return (put.outcome === "created" ? created : ok)({ secret: put.secret });
  },
});

/** For editors who no longer need it; jobs that still refer to it fail. */
export const deleteSecretRoute = route({
  method: "DELETE",
  url: "/secrets/:secretCode",
  role: "editor",
  summary: "Delete a secret",
  description: "Jobs that refer to it fail with SECRET_NOT_FOUND from their next run on.",
  params: SecretPath,
  answers: { 204: NoBody, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    await deleteSecret(context, actor, params.secretCode);
    return noContent();
  },
});
