/** Times as the browser's own field has them: in the viewer's zone, without naming it. */

/** `2026-11-24T10:05`, as `datetime-local` takes it. */
export function toLocal(time: string): string {
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @returns RFC 3339; undefined where the field holds no time */
export function toInstant(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
