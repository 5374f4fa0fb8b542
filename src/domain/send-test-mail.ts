import type { Actor } from "../model/actor.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

const noServer = "No mail server is set: set SMTP_URL (and MAIL_FROM) on this node and start it again.";

/** What came of a test mail. */
export interface TestMail {
  readonly delivered: boolean;
  /** What the mail server said, or why there is nothing to say. */
  readonly answer: string;
}

/** Sends a test mail now. */
export async function sendTestMail(context: Context, actor: Actor, to: string): Promise<TestMail> {
  const { mail, database, clock } = context;
  if (!mail) return { delivered: false, answer: noServer };
  await inTransaction(database, (sql) => recordAudit(sql, clock, actor, "mail.test", to));
  const outcome = await mail.sendTest(to);
  return { delivered: outcome.state === "delivered", answer: outcome.answer };
}
