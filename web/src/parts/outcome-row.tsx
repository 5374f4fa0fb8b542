import { type Outcome, OutcomeMark, outcomeNames } from "./outcome.tsx";
import classes from "./outcome-row.module.css";

/** Outcomes as a row of marks, oldest first; told to screen readers as how many there were of each. */
export function OutcomeRow({ outcomes, most = 30 }: { outcomes: readonly Outcome[]; most?: number }) {
  const shown = outcomes.slice(-most);
  if (shown.length === 0) return <span className="dim">None yet</span>;
  return (
    <span className={classes.row} role="img" aria-label={`The last ${shown.length}: ${summarize(shown)}`}>
      {shown.map((outcome, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the row is all that tells one from another
        <span key={index} title={outcomeNames[outcome]} aria-hidden="true" className={classes.one}>
          <OutcomeMark outcome={outcome} size={12} />
        </span>
      ))}
    </span>
  );
}

function summarize(outcomes: readonly Outcome[]): string {
  const counts = new Map<Outcome, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcomeNames[outcome].toLowerCase()}`).join(", ");
}
