/** Hides secrets in JSON; in large JSON beside the loop that everything runs on, for a text that is made for it takes a second. */
import type { JsonText } from "../model/job.ts";
import type { SecretMask } from "../model/mask-secrets.ts";
import { storableJson } from "../model/storable-json.ts";
import { forkBeside } from "../runtime/fork-beside.ts";
import type { MaskTask } from "./mask-process.ts";

/** Characters that are looked through in place: some milliseconds at most, and less than a process costs. */
const mostInPlace = 32_768;

/** Processes at once; others wait their turn. */
const mostProcesses = 2;

/** Milliseconds of one process: many times what the largest result takes. */
const patienceMs = 60_000;

const waiting: (() => void)[] = [];
let running = 0;

/**
 * The JSON without the values of the mask.
 *
 * @throws Error where a process does not do it: then nothing of the JSON may be told
 */
export async function maskedJson(mask: Pick<SecretMask, "json" | "values">, json: JsonText): Promise<JsonText> {
  const values = mask.values();
  if (values.length === 0) return json;
  if (json.length <= mostInPlace) return storableJson(mask.json(JSON.parse(json)));
  if (running < mostProcesses) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await inProcess({ values, json });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

function inProcess(task: MaskTask): Promise<JsonText> {
  return new Promise((resolve, reject) => {
    const child = forkBeside(import.meta.url, "mask-process");
    const over = (): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new Error("it could not be searched for secrets"));
    };
    const timer = setTimeout(over, patienceMs);
    child.once("message", (masked) => {
      resolve(String(masked));
      over();
    });
    child.once("error", over);
    child.once("exit", over);
    child.send(task, (error) => error && over());
  });
}
