/** Records as rows of a table: each has the fields of the first, or those that are given. */
import { ParamsFault } from "../params-fault.ts";
import { faultOfColumns } from "./column-names.ts";

/** Why a record that is no object cannot be written. */
export const notAnObject = "is not an object: this format holds objects alone";

/** The columns of a table. */
export interface Table {
  /** Also takes the columns from the first record that has none. */
  faultOf(record: unknown): string | undefined;
  columns(): readonly string[];
  /** In the order of the columns. */
  valuesOf(record: unknown): unknown[];
}

/** Makes it. @throws ParamsFault for columns that could not be told apart */
export function createTable(given: readonly string[] | undefined): Table {
  const fault = faultOfColumns(given ?? []);
  if (fault !== undefined) throw new ParamsFault("targetFormat/columns", `: ${fault}`);
  let columns = given;
  let known = new Set(given);

  return {
    faultOf(record) {
      if (!isObject(record)) return notAnObject;
      const names = Object.keys(record);
      if (!columns) {
        if (names.length === 0) return "has no fields, of which the columns could be made: give targetFormat.columns";
        const wrong = faultOfColumns(names);
        if (wrong !== undefined) return wrong;
        columns = names;
        known = new Set(names);
      }
      const other = names.find((name) => !known.has(name));
      if (other === undefined) return undefined;
      return `has the field ${JSON.stringify(other)}, which is no column: give targetFormat.columns`;
    },
    columns: () => columns ?? [],
    valuesOf(record) {
      const fields: Record<string, unknown> = isObject(record) ? record : {};
      return (columns ?? []).map((name) => (Object.hasOwn(fields, name) ? fields[name] : undefined));
    },
  };
}

/** Whether a record has fields. */
export function isObject(record: unknown): record is Record<string, unknown> {
  return typeof record === "object" && record !== null && !Array.isArray(record);
}
