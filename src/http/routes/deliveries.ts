import { getMail } from "../../domain/get-mail.ts";
import { listDeliveries } from "../../domain/list-deliveries.ts";
import { sendTestMail } from "../../domain/send-test-mail.ts";
import { showSigningSecret } from "../../domain/signing-secret.ts";
import { uuidPattern } from "../../model/job-id.ts";
import { ownSigningSecret } from "../../model/telling.ts";
import { DeliveryList, DeliveryQuery, MailAnswer, MailTest, MailTested } from "../../schemas/deliveries.ts";
import { SigningSecretAnswer } from "../../schemas/telling.ts";
import { page, readCursor } from "../cursor.ts";
import { ok, route } from "../route.ts";

const list = "deliveries";

/** For people who ask whether a mail or a webhook call went out, and what came back. */
export const listDeliveriesRoute = route({
  method: "GET",
  url: "/deliveries",
  role: "viewer",
  summary: "List mails and webhook calls, newest first",
  description: "Kept for 30 days from their end, or for as long as jobs where that is less.",
  query: DeliveryQuery,
  answers: { 200: DeliveryList },
  async handle({ actor, query, context }) {
    const { limit = 50, cursor, jobId } = query;
    const before = readCursor(list, cursor, uuidPattern);
    const found = await listDeliveries(context, actor, jobId, before ?? null, limit + 1);
    const { items, nextCursor } = page(list, found, limit, (one) => one.deliveryId);
    return ok({ deliveries: items, nextCursor });
  },
});

/** For editors who set up a receiver of webhook calls. */
export const getSigningSecretRoute = route({
  method: "GET",
  url: "/webhook-signing-secret",
  role: "editor",
  summary: "Read what signs webhook calls that name no secret of their own",
  description: `It is the secret \`${ownSigningSecret}\`, which is made when it is first needed; PUT /secrets/${ownSigningSecret} replaces it. Reading it is audited.`,
  answers: { 200: SigningSecretAnswer },
  async handle({ actor, context }) {
    return ok({ signingSecret: await showSigningSecret(context, actor) });
  },
});

/** For the page, which says when mail is not sent. */
export const getMailRoute = route({
  method: "GET",
  url: "/mail",
  role: "viewer",
  summary: "Read whether mail is sent, and how much waits",
  answers: { 200: MailAnswer },
  async handle({ actor, context }) {
    return ok({ mail: await getMail(context, actor) });
  },
});

/** For admins who have set up the mail server. */
export const testMailRoute = route({
  method: "POST",
  url: "/mail/_test",
  role: "admin",
  summary: "Send a test mail now",
  description: "Answers when the mail server has taken it, or has not; after 45 s it has not.",
  body: MailTest,
  answers: { 200: MailTested },
  async handle({ actor, body, context }) {
    return ok(await sendTestMail(context, actor, body.to));
  },
});
