/** Sizes of a benchmark, from its command line: `--jobs 20000 --rounds 3`. */
import { parseArgs } from "node:util";

/**
 * Reads flags over their defaults; a flag is a number or a text as its default is.
 *
 * @throws Error for a flag that there is not, or a number that is none
 */
export function readFlags<Flags extends Record<string, number | string>>(defaults: Flags): Flags {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" as const }]));
  const { values } = parseArgs({ args: argumentsOf(process.argv.slice(2)), options, strict: true });
  const flags: Flags = { ...defaults };
  return Object.assign(
    flags,
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, read(name, String(text), defaults[name])])),
  );
}

/** The dispatcher's `<topic>` comes before the flags. */
function argumentsOf(args: readonly string[]): string[] {
  const first = args.findIndex((one) => one.startsWith("--"));
  return first < 0 ? [] : args.slice(first);
}

function read(name: string, text: string, instead: number | string | undefined): number | string {
  if (typeof instead === "string") return text;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  throw new Error(`--${name} is ${JSON.stringify(text)}: must be a number`);
}
