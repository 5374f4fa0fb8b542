import { Button, Table } from "@mantine/core";
import { useState } from "react";
import { visible } from "../visible.ts";
import classes from "./value-table.module.css";

const firstRows = 50;
const mostColumns = 20;
const longestCell = 200;

/** A list of objects as a table, of their first 20 fields. */
export function ValueTable({ rows, label }: { rows: readonly object[]; label: string }) {
  const [shown, setShown] = useState(firstRows);
  const columns = [...new Set(rows.slice(0, 200).flatMap((row) => Object.keys(row)))].slice(0, mostColumns);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={classes.frame} tabIndex={0} aria-label={`${label} as a table`}>
        <Table withRowBorders withColumnBorders fz="xs">
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column} className="foreign">
                  {visible(column)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, shown).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a value have no other name, and never move
              <Table.Tr key={index}>
                {columns.map((column) => (
                  <Table.Td key={column} className="foreign">
                    {visible(cellOf(Reflect.get(row, column)))}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {rows.length > shown && (
        <Button size="xs" variant="subtle" mt="sm" onClick={() => setShown(shown + firstRows * 4)}>
          {(rows.length - shown).toLocaleString()} more rows
        </Button>
      )}
    </>
  );
}

function cellOf(value: unknown): string {
  const text = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  return text.length > longestCell ? `${text.slice(0, longestCell)}…` : text;
}
