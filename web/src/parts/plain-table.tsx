import type { ReactNode } from "react";
import classes from "./plain-table.module.css";

interface PlainTableProps {
  readonly label: string;
  /** The last column's heading is for screen readers: it holds what can be done. */
  readonly headings: readonly string[];
  readonly children: ReactNode;
}

/** A table of a few columns; on a phone each row becomes a paragraph. */
export function PlainTable({ label, headings, children }: PlainTableProps) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {headings.map((heading, place) => (
              <th key={heading} scope="col">
                {place === headings.length - 1 ? <span className="visually-hidden">{heading}</span> : heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
