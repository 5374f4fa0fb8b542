/** What is known of a definition that watches for something, and the rules by which its alerts are told or held back. */
import type { AlertNews } from "./delivery.ts";
import { type AlertRule, defaultAtMostEverySeconds, type Webhook } from "./telling.ts";

/** When an alert was last told, and what has been held back since. */
export interface ToldAlert {
  /** What it was about: of a kind that tells of things that go on side by side the last thousand, oldest first; otherwise the last. */
  readonly subjects: readonly string[];
  readonly toldAt: Date;
  readonly heldBack: number;
  /** The last one that was held back; null where none was. */
  readonly news: AlertNews | null;
}

/** A definition with alerts, and what they go by. */
export interface DefinitionWatch {
  readonly definitionId: string;
  readonly customerCode: string;
  readonly jobDefinitionCode: string;
  readonly name: string;
  readonly timeZone: string;
  readonly alerts: readonly AlertRule[];
  readonly webhooks: readonly Webhook[];
  readonly emailList: readonly string[];
  /** Who last changed what it says, while that is one of the customer's people. */
  readonly person: string | null;
  readonly watchedSince: Date;
  readonly failuresInRow: number;
  readonly lastSuccessAt: Date | null;
  readonly silent: boolean;
  /** By {@link ruleName}. */
  readonly told: ReadonlyMap<string, ToldAlert>;
}

/** What is noticed: a rule that applies, and what it is about. */
export interface Notice {
  readonly rule: AlertRule;
  /** The same thing is told once. */
  readonly subject: string;
  readonly message: string;
  readonly at: Date;
  readonly jobId: string | null;
}

/** A definition's watch after something was noticed, with the alert if it is to be told now. */
export interface Judged {
  readonly watch: DefinitionWatch;
  readonly alert: AlertNews | null;
}

/** More runs of one definition than go on at once, so that none of those under way is forgotten. */
const mostSubjects = 1_000;

/** A rule by what it goes by: two rules that differ in it are told apart. */
export function ruleName({ when, failures, afterSeconds }: AlertRule): string {
  return [when, afterSeconds ?? failures ?? ""].join(" ").trim();
}

/** Whether an alert is told or held back: at most one of a rule in its time, and one thing once. */
export function judge(watch: DefinitionWatch, notice: Notice, now: Date): Judged {
  const name = ruleName(notice.rule);
  const before = watch.told.get(name);
  if (before?.subjects.includes(notice.subject)) return { watch, alert: null };
  const earlier = notice.rule.when === "longRun" ? (before?.subjects ?? []) : [];
  const subjects = [...earlier, notice.subject].slice(-mostSubjects);
  if (before && !isOver(before, notice.rule, now)) {
    const held = { ...before, subjects, heldBack: before.heldBack + 1, news: newsOf(watch, notice, 0) };
    return { watch: withTold(watch, name, held), alert: null };
  }
  const alert = newsOf(watch, notice, before?.heldBack ?? 0);
  return { watch: withTold(watch, name, { subjects, toldAt: now, heldBack: 0, news: null }), alert };
}

/** What is known of rules that the definition no longer has is forgotten. @returns the same watch where there is none */
export function forgetFormerRules(watch: DefinitionWatch): DefinitionWatch {
  const names = new Set(watch.alerts.map(ruleName));
  const told = new Map([...watch.told].filter(([name]) => names.has(name)));
  return told.size === watch.told.size ? watch : { ...watch, told };
}

/** What has been held back is told when its time is over, though nothing else has come: the last, with the count of the others. */
export function release(watch: DefinitionWatch, rule: AlertRule, now: Date): Judged {
  const name = ruleName(rule);
  const before = watch.told.get(name);
  if (!before?.news || !isOver(before, rule, now)) return { watch, alert: null };
  const alert = { ...before.news, heldBack: before.heldBack - 1 };
  return { watch: withTold(watch, name, { ...before, toldAt: now, heldBack: 0, news: null }), alert };
}

/** Whether an alert of the rule may be told again. */
export function isOver({ toldAt }: Pick<ToldAlert, "toldAt">, rule: AlertRule, now: Date): boolean {
  return now.getTime() - toldAt.getTime() >= (rule.atMostEverySeconds ?? defaultAtMostEverySeconds) * 1000;
}

function withTold(watch: DefinitionWatch, name: string, told: ToldAlert): DefinitionWatch {
  return { ...watch, told: new Map(watch.told).set(name, told) };
}

function newsOf(watch: DefinitionWatch, { rule, message, at, jobId }: Notice, heldBack: number): AlertNews {
  const { jobDefinitionCode, name, timeZone } = watch;
  return { kind: rule.when, jobDefinitionCode, name, message, at: at.toISOString(), jobId, heldBack, timeZone };
}
