/** The documents keep to the truth: their links lead somewhere, their commands work, their map is the one in force. */
import { execFile } from "node:child_process";
import { access, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import Type from "typebox";
import { Value } from "typebox/value";
import { expect, onTestFinished, test } from "vitest";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const foreign: ReadonlySet<string> = new Set(["node_modules", "dist"]);

test("every relative link of every document leads to a file, and to a heading where it names one", async () => {
  const documents = await listDocuments(root);
  expect(documents).toContain("README.md");
  const broken: string[] = [];
  for (const document of documents) {
    for (const link of linksOf(await readFile(join(root, document), "utf8"))) {
      if (!(await leadsSomewhere(document, link))) broken.push(`${document}: ${link}`);
    }
  }
  expect(broken).toEqual([]);
});

test("the README's first job runs as it is written, and every call of it succeeds", async () => {
  const node = await startTestNode({ flags: { "egress-allow": "127.0.0.1/32" } });
  const folder = await mkdtemp(join(tmpdir(), "punctual-docs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const credentials = join(folder, "credentials.json");
  await writeFile(credentials, JSON.stringify({ apiKey: node.apiKey }));

  const block = /<!-- first-job -->\n```sh\n([\s\S]*?)```/.exec(await readFile(join(root, "README.md"), "utf8"))?.[1];
  const commands = (block ?? "")
    .replaceAll("./.punctual/credentials.json", credentials)
    .replaceAll("http://127.0.0.1:8080", node.origin);
  // Each call tells its status beside its answer, also from within `$(…)`.
  const telling = `curl() { command curl -w '%{stderr}%{http_code}\\n' "$@"; echo; }`;
  const { stdout, stderr } = await promisify(execFile)("sh", ["-euc", `${telling}\n${commands}`]);

  expect(stderr.trim().split("\n"), stdout).toEqual(["200", "200", "201", "200", "200"]);
  const answers = stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
  const [{ jobId: first }, list, definition, last] = Value.Parse(Answers, answers);
  expect(list).toMatchObject({ jobs: [{ jobId: first }] });
  expect(definition).toMatchObject({ jobDefinition: { jobDefinitionCode: "web-test" } });
  for (const jobId of [first, last.jobId]) {
    expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "COMPLETED", result: { status: 200 } });
  }
});

test("the table of rooms in docs/architecture.md is what the linter of imports enforces", async () => {
  const table = await readFile(join(root, "docs/architecture.md"), "utf8");
  const told: Record<string, string[]> = {};
  for (const [, room = "", others = ""] of table.matchAll(/^\| `src\/([a-z-]+)\/` \| .* \| (.*) \|$/gm)) {
    if (others !== "anything") told[room] = others === "nothing" ? [] : others.split(", ").map(patternOf).sort();
  }
  expect(told).toEqual(enforcedImports());
  const folders = (await readdir(join(root, "src"), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).filter((name) => !table.includes(`| \`src/${name}/\` |`))).toEqual([]);
});

const Answers = Type.Tuple([
  Type.Object({ jobId: Type.String() }),
  Type.Unknown(),
  Type.Unknown(),
  Type.Object({ jobId: Type.String() }),
]);

const Rules = Type.Object({
  forbidden: Type.Array(
    Type.Object({
      name: Type.String(),
      from: Type.Object({ path: Type.Optional(Type.String()) }),
      to: Type.Object({ pathNot: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])) }),
    }),
  ),
});

/** Room → patterns of what it may import besides itself. */
function enforcedImports(): Record<string, string[]> {
  const { forbidden } = Value.Parse(Rules, createRequire(import.meta.url)("../../.dependency-cruiser.cjs"));
  const enforced: Record<string, string[]> = {};
  for (const { name, to } of forbidden) {
    const [, room] = /^([a-z-]+?)-(?:imports|see-the-contract)$/.exec(name) ?? [];
    const own = [`^src/${room}/`, `^src/${room}/$1/`];
    if (room)
      enforced[room] = [to.pathNot ?? []]
        .flat()
        .filter((path) => !own.includes(path))
        .sort();
  }
  return enforced;
}

/** What a name of the table stands for: a room, or one file of a room (`runtime/logger.ts`). */
function patternOf(name: string): string {
  const path = name.replaceAll("`", "");
  return path.endsWith(".ts") ? `^src/${path.replace(".", "\\.")}$` : `^src/${path}/`;
}

async function listDocuments(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || foreign.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await listDocuments(path)));
    else if (entry.name.endsWith(".md")) found.push(relative(root, path));
  }
  return found;
}

/** The targets of a document's links, but for those to other hosts. */
function linksOf(text: string): string[] {
  const prose = withoutBlocks(text).replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]]/g, ""));
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const named = [...prose.matchAll(/^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/gm)];
  return [...inline, ...named]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

async function leadsSomewhere(document: string, link: string): Promise<boolean> {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : normalize(join(dirname(document), decodeURIComponent(path)));
  if (target.startsWith("..")) return false;
  const exists = await access(join(root, target)).then(
    () => true,
    () => false,
  );
  if (!exists || anchor === undefined || !target.endsWith(".md")) return exists;
  return anchorsOf(await readFile(join(root, target), "utf8")).has(anchor);
}

/** The anchors that GitHub gives the headings of a document. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutBlocks(text).matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutBlocks(text: string): string {
  return text.replace(/^(\s*)(```+|~~~+)[\s\S]*?^\s*\2\s*$/gm, "");
}
