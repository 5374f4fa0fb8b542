/** Job ids: `YYYYMMDD-` (the UTC day of creation, by the database's clock) and a UUID. */

/** The two columns that a job id is made of. */
export interface JobKey {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly id: string;
}

const pattern = /^(\d{4})(\d{2})(\d{2})-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The pattern of a job id as text, for schemas. */
export const jobIdPattern = "^[0-9]{8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/** The pattern of every other id that is a UUID. */
export const uuidPattern = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/** Before every UUID: where a walk in their order begins. */
export const firstUuid = "00000000-0000-0000-0000-000000000000";

/** Behind every UUID. */
export const lastUuid = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Reads a job id; undefined where the text is none, or names a day that is not in the calendar. */
export function parseJobId(text: string): JobKey | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, year, month, dayOfMonth, id] = match;
  if (id === undefined) return undefined;
  const day = `${year}-${month}-${dayOfMonth}`;
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day) return undefined;
  return { day, id };
}

/** Writes a job id. */
export function formatJobId(key: JobKey): string {
  return `${key.day.replaceAll("-", "")}-${key.id}`;
}
