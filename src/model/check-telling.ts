/** The rules of webhooks and alerts that their wire schemas cannot hold, because fields depend on one another. */
import type { FieldError } from "./api-errors.ts";
import { ruleName } from "./definition-watch.ts";
import type { GivenJobOptions } from "./job-options.ts";
import { type AlertRule, countingAlertKinds, leastAlertSeconds, type Webhook } from "./telling.ts";

/** The faults of the webhooks and alerts of a definition; pointers into its options. */
export function faultsOfTelling({ webhooks, alerts }: GivenJobOptions): FieldError[] {
  const hearing = (webhooks ?? []).some((webhook) => webhook.events?.includes("alert") ?? true);
  return [
    ...faultsOfWebhooks(webhooks ?? []),
    ...(alerts ?? []).flatMap((rule, index) => faultsOfRule(rule, hearing ? "heard" : "unheard", `/alerts/${index}`)),
    ...faultsOfRepeats(alerts ?? []),
  ];
}

/** The faults of the options of a job without a definition, which nothing can watch. */
export function faultsOfUnwatched({ webhooks, alerts }: GivenJobOptions): FieldError[] {
  const unwatched = { path: "/alerts", message: "belong to a job definition: make one, and execute that" };
  return [...faultsOfWebhooks(webhooks ?? []), ...((alerts ?? []).length > 0 ? [unwatched] : [])];
}

function faultsOfWebhooks(webhooks: readonly Webhook[]): FieldError[] {
  return webhooks.flatMap(({ url }, index) => {
    const path = `/webhooks/${index}/url`;
    const parsed = URL.parse(url);
    if (!parsed || (parsed.protocol !== "http:" && parsed.protocol !== "https:") || parsed.hostname === "") {
      return [{ path, message: "must be an address such as https://example.com/hook" }];
    }
    if (parsed.username === "" && parsed.password === "") return [];
    return [{ path, message: "must hold no user and password: receivers go by the signature" }];
  });
}

/** Rules are told apart by what they go by, so the second of two that do not differ in it would never be told. */
function faultsOfRepeats(alerts: readonly AlertRule[]): FieldError[] {
  const names = alerts.map(ruleName);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index) return [];
    return [{ path: `/alerts/${index}`, message: `goes by the same as /alerts/${first}: make one rule of both` }];
  });
}

function faultsOfRule(rule: AlertRule, webhooks: "heard" | "unheard", path: string): FieldError[] {
  const faults: FieldError[] = [];
  const least = leastAlertSeconds[rule.when];
  const seconds = rule.afterSeconds;
  if (least === undefined && seconds !== undefined) {
    faults.push({ path: `${path}/afterSeconds`, message: `means nothing to an alert when ${rule.when}; leave it out` });
  }
  if (least !== undefined && (seconds === undefined || seconds < least)) {
    faults.push({ path: `${path}/afterSeconds`, message: `must be at least ${least} when ${rule.when}` });
  }
  if (rule.failures !== undefined && !countingAlertKinds.has(rule.when)) {
    faults.push({ path: `${path}/failures`, message: `means nothing to an alert when ${rule.when}; leave it out` });
  }
  if (rule.by.includes("webhook") && webhooks === "unheard") {
    faults.push({ path: `${path}/by`, message: "names webhook, and options.webhooks has none that is told of alerts" });
  }
  return faults;
}
