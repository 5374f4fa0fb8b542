/**
 * How a statement is written: static text with values apart.
 *
 * `Sql` accepts numbers, texts, times, arrays and the like, and never another piece of SQL, so no text of a
 * caller's can become part of a statement.
 */

/** What may stand in `${}`. Booleans and times inside arrays must be given as text, which PostgreSQL casts. */
export type SqlValue = string | number | boolean | null | Date | Uint8Array | readonly (string | number | null)[];

/** Runs one statement and answers its rows. Throws what {@link import("./database-errors.ts")} tells apart. */
export type Sql = <Row extends object>(text: TemplateStringsArray, ...values: SqlValue[]) => Promise<Row[]>;
