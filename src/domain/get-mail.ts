import type { Actor } from "../model/actor.ts";
import { countWaitingMails } from "../store/outbox/count-waiting-mails.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Most waiting mails that are counted. */
const mostCounted = 1_000;

/** Whether this node sends mail, and what waits of the customer's. */
export interface MailState {
  readonly configured: boolean;
  /** The address that mails come from; null where no mail server is set. */
  readonly from: string | null;
  /** 1,000 stands for that and more. */
  readonly waiting: number;
}

/** Reads whether mail is sent, and how much waits. */
export async function getMail({ database, mail }: Context, actor: Actor): Promise<MailState> {
  const waiting = await readPatiently(database, (sql) => countWaitingMails(sql, actor.customerCode, mostCounted));
  return { configured: mail !== null, from: mail?.from ?? null, waiting };
}
