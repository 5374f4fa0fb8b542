import { readFileSync } from "node:fs";

/** One request of `seed-requests.http`. */
export interface SeedRequest {
  /** `POST /vue/_api/v1/job-definitions`: method and address without the origin, as it is written there. */
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Reads the documented requests (REST Client form), in order, with their placeholders. */
export function readSeedRequests(): SeedRequest[] {
  const text = readFileSync(new URL("./seed-requests.http", import.meta.url), "utf8");
  return text
    .split(/^###.*$/m)
    .map((block) => block.replace(/^#.*\n/gm, "").trim())
    .filter((block) => block !== "")
    .map(readRequest);
}

function readRequest(block: string): SeedRequest {
  const [head = "", ...rest] = block.split("\n\n");
  const [first = "", ...lines] = head.split("\n");
  const [method = "", url = ""] = first.split(" ");
  const headers = lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);
  return {
    name: `${method} ${url.replace("{{origin}}", "")}`,
    method,
    url,
    headers: Object.fromEntries(headers),
    body: rest.length > 0 ? rest.join("\n\n") : undefined,
  };
}

/** Puts values in place of `{{name}}`; a placeholder without a value is an error. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name}`);
    return value;
  });
}
