import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);

/** The command as a process of its own; no node, no database, no data folder. */
async function punctual(...parts: string[]): Promise<{ code: number; out: string; error: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [
      "--import",
      "tsx",
      "src/cli/punctual.ts",
      "cron",
      ...parts,
    ]);
    return { code: 0, out: stdout, error: stderr };
  } catch (failure) {
    if (!(failure instanceof Error) || !("code" in failure && "stdout" in failure && "stderr" in failure))
      throw failure;
    return { code: Number(failure.code), out: String(failure.stdout), error: String(failure.stderr) };
  }
}

describe.concurrent("punctual cron", { timeout: 60_000 }, () => {
  test("prints the meaning, the times on the zone's clocks and in UTC, and the notes", async () => {
    const question = ["0 30 2 * * ?", "--zone", "America/Toronto", "--count", "3", "--after", "2027-01-12T12:00:00Z"];
    expect((await punctual(...question)).out).toBe(
      [
        "0 30 2 * * ?   (Quartz)",
        "At 02:30 every day, America/Toronto",
        "",
        "America/Toronto                  UTC",
        "Wed 2027-01-13 02:30:00 -05:00   2027-01-13T07:30:00Z",
        "Thu 2027-01-14 02:30:00 -05:00   2027-01-14T07:30:00Z",
        "Fri 2027-01-15 02:30:00 -05:00   2027-01-15T07:30:00Z",
        "",
        "! On 2027-03-14 clocks in America/Toronto go from 02:00 to 03:00: 02:30 does not exist and fires at 03:00 (2027-03-14T07:00:00Z).",
        "",
      ].join("\n"),
    );
  });

  test("ten times from now in UTC, unless said otherwise", async () => {
    const { out } = await punctual("*/5 * * * *");
    const [times] = [out.match(/\+00:00 {3}\d{4}-\d\d-\d\dT\d\d:\d[05]:00Z/g) ?? []];
    expect(times).toHaveLength(10);
    expect(out).toContain("*/5 * * * *   (Unix cron)\nEvery 5 minutes, UTC\n");
  });

  test("an expression whose years are over says so", async () => {
    const { code, out } = await punctual("0 0 12 1 1 ? 2020", "--after", "2026-11-24T06:00:00Z");
    expect(code).toBe(0);
    expect(out).toContain("! It does not fire after 2026-11-24T06:00:00Z.");
  });

  test.each([
    [["61 * * * *"], '"cron" field 1 (minute): 61 is out of range 0–59'],
    [["@daily", "--zone", "EST"], '--zone: "EST" is an abbreviation, not a time zone; did you mean America/New_York'],
    [["@daily", "--count", "101"], '--count must be a whole number from 1 to 100, not "101".'],
    [["@daily", "--after", "noon"], '--after must be an RFC 3339 time such as 2027-01-31T08:00:00Z, not "noon".'],
    [[], "error: missing required argument 'expression'"],
  ])("%j is refused with what to change", async (parts, sentence) => {
    const { code, out, error } = await punctual(...parts);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(error).toContain(sentence);
  });
});
