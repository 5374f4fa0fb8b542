/** A field of an expression, as messages name it: `field 6 (day of week)`. */
export interface FieldPlace {
  /** 1 for the first. */
  readonly position: number;
  /** `second`, `minute`, `hour`, `day of month`, `month`, `day of week` or `year`. */
  readonly name: string;
}

/** Why an expression is refused. `message` says all of it: place, fault and, where there is one, the likely meaning. */
export class CronError extends Error {
  /** `null` where the fault is not in one field: too long, a wrong number of fields, an unknown nickname. */
  readonly field: FieldPlace | null;
  /** The part of the field that is wrong, at most 40 characters of it; `null` where there is no one part. */
  readonly part: string | null;
  /** What is wrong, without the place. */
  readonly fault: string;
  /** What was probably meant, as a question or an instruction. */
  readonly hint: string | null;

  constructor(fault: string, more: { field?: FieldPlace | undefined; part?: string; hint?: string | undefined } = {}) {
    const place = more.field ? `"cron" field ${more.field.position} (${more.field.name}): ` : `"cron" `;
    super(place + fault + (more.hint ? `; ${more.hint}` : ""));
    this.name = "CronError";
    this.field = more.field ?? null;
    this.part = more.part === undefined ? null : shorten(more.part);
    this.fault = fault;
    this.hint = more.hint ?? null;
  }
}

/** Text of a customer's for a message: in quotes, control characters escaped, at most 40 characters. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
