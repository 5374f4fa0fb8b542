/** A mail as it is handed to the server, and the parts of which every mail of ours is made. */

/** What a mail is about, which shows in its colour. */
export type Tone = "good" | "bad" | "notice";

/** What a mail says, before it is text or HTML; all of it plain text. */
export interface MailContent {
  readonly subject: string;
  readonly tone: Tone;
  /** A word over the heading. */
  readonly label: string;
  readonly heading: string;
  /** Paragraphs: what happened, and what to do. */
  readonly paragraphs: readonly string[];
  readonly facts: readonly { readonly label: string; readonly lines: readonly string[] }[];
  /** Longer texts that came from a job, shown as they are. */
  readonly excerpts: readonly { readonly label: string; readonly text: string }[];
  readonly action: { readonly label: string; readonly url: string } | null;
  /** Why the reader gets it, and how to stop it. */
  readonly footer: string;
}

/** One mail to one address. */
export interface MailMessage {
  /** Stable: a mail that is sent again has the same. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Longest subject, in characters. */
const longestSubject = 180;

// Control characters, line and paragraph separators, and marks that turn the direction of what follows.
const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** One line of printable text: nothing in it can begin another header, or make one name look like another. */
export function oneLine(text: string, longest: number = longestSubject): string {
  const line = text.replace(unprintable, " ").replace(/ {2,}/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).toWellFormed()}…`;
}
