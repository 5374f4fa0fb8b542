import type { Actor } from "../model/actor.ts";
import { unavailable } from "../model/api-errors.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/**
 * Sends a test mail now.
 *
 * @returns what the mail server answered
 * @throws ApiError UNAVAILABLE where no mail server is set, or it did not take the mail: `detail` says why
 */
export async function sendTestMail(context: Context, actor: Actor, to: string): Promise<string> {
  const { mail, database, clock } = context;
  if (!mail) throw unavailable("No mail server is set: set SMTP_URL (and MAIL_FROM) on this node and start it again.");
  await inTransaction(database, (sql) => recordAudit(sql, clock, actor, "mail.test", to));
  const outcome = await mail.sendTest(to);
  if (outcome.state === "failed") throw unavailable(`The mail server did not take the mail: ${outcome.answer}`);
  return outcome.answer;
}
