/**
 * The beginning of a text, with an ellipsis where it goes on. The worker hides a secret that stands cut before one, and would not know
 * the half of it before a quote.
 *
 * @param most characters, at least 1
 */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most).toWellFormed()}…`;
}
