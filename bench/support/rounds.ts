/** Measures contenders side by side: A B C, A B C, … so that what disturbs the machine disturbs them all. */
import { median, spread } from "./statistics.ts";

/** What one round of a contender came to, by the name of the figure. */
export type Measured = Readonly<Record<string, number>>;

export interface Contender {
  readonly name: string;
  measure(): Promise<Measured>;
}

/** All rounds of all contenders. */
export type Results = ReadonlyMap<string, readonly Measured[]>;

/** Runs every contender `rounds` times, in turns, after `warmUps` turns that do not count. */
export async function alternate(contenders: readonly Contender[], rounds: number, warmUps: number): Promise<Results> {
  const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const contender of contenders) {
      const measured = await contender.measure();
      process.stderr.write(`  ${round < 0 ? "warm-up" : `round ${round + 1}`}  ${contender.name}\n`);
      if (round >= 0) results.get(contender.name)?.push(measured);
    }
  }
  return results;
}

/** All values of one figure of one contender. */
export function valuesOf(results: Results, contender: string, name: string): number[] {
  return (results.get(contender) ?? []).flatMap((one) => one[name] ?? []);
}

/** Prints `median (min–max)` of each figure, a contender a row. */
export function printResults(results: Results, names: readonly string[]): void {
  const rows = [...results.keys()].map((contender) => [
    contender,
    ...names.map((name) => spread(valuesOf(results, contender, name))),
  ]);
  printTable(["median (min–max)", ...names], rows);
}

/**
 * Prints how many times as much of a figure one contender has as each of the others: the median of the ratios of the rounds,
 * whose sides ran right after one another.
 */
export function printRatios(
  results: Results,
  name: string,
  own: string,
  targets: Readonly<Record<string, number>>,
): void {
  const mine = valuesOf(results, own, name);
  for (const other of results.keys()) {
    const theirs = valuesOf(results, other, name);
    if (other === own || theirs.length !== mine.length) continue;
    const ratios = mine.map((value, round) => value / (theirs[round] ?? Number.NaN));
    console.log(`  ${name}: ${own} is ${spread(ratios)} × ${other}${verdict(median(ratios), targets[other])}`);
  }
}

function verdict(ratio: number, target: number | undefined): string {
  if (target === undefined) return "";
  return `; target ≥ ${target}: ${ratio >= target ? "met" : `short by ${((1 - ratio / target) * 100).toFixed(0)} %`}`;
}

/** Prints rows under a header, the first column to the left. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  for (const row of all) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join("   "));
  }
}
