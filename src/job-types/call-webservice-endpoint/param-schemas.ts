/** Schemas that several params share. */
import Type from "typebox";

/** Statuses of answers, as numbers and ranges. */
export const Statuses = (options: {
  title: string;
  description: string;
  default?: unknown[];
  examples: unknown[];
  minItems: number;
}) =>
  Type.Array(
    Type.Union([
      Type.Integer({ minimum: 100, maximum: 999 }),
      Type.String({ pattern: "^[1-9][0-9]{2}(-[1-9][0-9]{2})?$" }),
    ]),
    { ...options, maxItems: 100 },
  );

/** A JSONata expression. */
export const Expression = (options: { title: string; description: string; default?: string; examples: unknown[] }) =>
  Type.String({ ...options, minLength: 1, maxLength: 4_096 });
