/** Fills a node with a week of a shop's jobs: definitions and some true runs through the API, the past by copying those runs. */
import type { Client } from "../../src/client/client.ts";
import { occurrencesBetween } from "../../src/model/cron/occurrences.ts";
import { parseCron } from "../../src/model/cron/parse-cron.ts";
import { parseJobId } from "../../src/model/job-id.ts";
import type { Sql } from "../../src/store/sql.ts";
import { type DemoDefinition, definitions, type Failure } from "./definitions.ts";
import { forgetJobs, type PastRun, writePast } from "./past.ts";

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
/** A night in which nothing ran, from and for how long, back from now. */
const outage = { back: 52 * 60 * minute, for: 95 * minute };
/** Since when the jobs that fail lately fail. */
const lately = 5 * 60 * minute;

const queries: Readonly<Record<Failure, string>> = {
  unavailable: "503",
  auth: "auth",
  invalid: "invalid",
  gone: "gone",
};

/** Fills it. `sql` is the node's own database. @returns how many jobs there are then */
export async function fillDemo(api: Client, sql: Sql, now: number): Promise<number> {
  await api.secrets.put("paymentsToken", { value: "not a real token", hosts: ["payments.shop.example"] });
  await api.secrets.put("couriersKey", { value: "not a real key" });
  await api.users.create({ user: { email: "kim@shop.example", name: "Kim", role: "editor" } });
  await api.users.create({ user: { email: "robin@shop.example", name: "Robin", role: "viewer" } });
  await api.apiKeys.create({ apiKey: { name: "shop backend", role: "operator", userEmail: "kim@shop.example" } });
  const templates = await Promise.all(definitions.map((one) => define(api, one)));
  const runs = definitions.flatMap((one, place) => pastOf(one, templates[place] ?? [], now));
  await writePast(sql, runs, now - week);
  // The runs that failed for the sake of their copies would all have failed a moment ago.
  await forgetJobs(
    sql,
    templates.flatMap(([, badly]) => badly ?? []),
  );
  for (const { code, paused } of definitions) if (paused) await api.jobDefinitions.pause(code, { reason: paused });
  await startLongOnes(api);
  return runs.length;
}

/** Makes a definition and runs it once well, and once as it fails. @returns the ids of both runs */
async function define(api: Client, one: DemoDefinition): Promise<readonly string[]> {
  const { code, name, description, url, method = "GET", cron, timeZone = "UTC", failure } = one;
  await api.jobDefinitions.put(code, {
    jobDefinition: {
      jobDefinitionCode: code,
      jobType: "callWebserviceEndpoint",
      name,
      description,
      params: { url, method, ...(method === "POST" && { body: { source: "schedule" } }) },
      options: { retry: { maxAttempts: 1 } },
      schedule: { cron, timeZone },
    },
  });
  const well = await api.jobDefinitions.execute(code);
  const badly = failure
    ? await api.jobDefinitions.execute(code, { params: { searchParams: { fail: queries[failure] } } })
    : undefined;
  const ids = [well, badly].flatMap((made) => made?.jobId ?? []);
  await Promise.all(ids.map((jobId) => api.jobs.get(jobId, { waitSeconds: 30 })));
  return ids;
}

/** What its schedule did in the week: always the same for the same hour, so that pictures can be compared. */
function pastOf(one: DemoDefinition, [well = "", badly]: readonly string[], now: number): readonly PastRun[] {
  const { code, cron, timeZone = "UTC", takesMs, failing = 0, failsLately = false } = one;
  const times = occurrencesBetween(parseCron(cron), timeZone, now - week, now - minute, 5_000);
  return times.map((at): PastRun => {
    const chance = chanceOf(`${code} ${at}`);
    if (at > now - outage.back && at < now - outage.back + outage.for) {
      return { code, at, outcome: "missed", reason: "no node was running when it was due" };
    }
    if (one.paused && at > now - 30 * 60 * minute)
      return { code, at, outcome: "skipped", reason: `paused: ${one.paused}` };
    const mayFail = !failsLately || at > now - lately;
    const hasFailed = badly !== undefined && mayFail && chance * 1_000 < failing;
    const lateMs = chanceOf(`late ${code} ${at}`) < 0.012 ? 6_000 + Math.round(chance * 50_000) : 0;
    const job = parseJobId(hasFailed ? badly : well);
    if (!job) throw new Error(`${code} has no run to copy`);
    return {
      code,
      at,
      outcome: lateMs > 0 ? "late" : "fired",
      reason: lateMs > 0 ? "the scheduler was behind" : null,
      lateMs,
      template: job,
      waitMs: 8 + Math.round(chance * 90),
      tookMs: hasFailed ? 300 + Math.round(chance * 700) : Math.round(takesMs * (0.8 + chance * 0.5)),
    };
  });
}

/** Jobs that run while somebody looks. */
async function startLongOnes(api: Client): Promise<void> {
  const paginate = { by: "page", items: "body.products", next: "body.more", maxPages: 400, maxItems: 20_000 };
  for (const [shop, pages] of [
    ["berlin", 400],
    ["toronto", 60],
  ] as const) {
    const code = `catalogue-${shop}`;
    await api.jobDefinitions.put(code, {
      jobDefinition: {
        jobDefinitionCode: code,
        jobType: "callWebserviceEndpoint",
        name: `Read the catalogue of ${shop}`,
        params: {
          url: `http://catalogue.shop.example/v1/catalogue?shop=${shop}`,
          paginate: { ...paginate, maxPages: pages },
        },
        options: { timeoutSeconds: 3_600 },
      },
    });
    await api.jobDefinitions.execute(code);
  }
  await api.jobDefinitions.execute("backup-media", { runAt: new Date(Date.now() + 40 * minute).toISOString() });
}

/** A number from 0 to 1 that a text always has (FNV-1a). */
function chanceOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  // The last bytes alone are hardly mixed into the upper bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
