/**
 * Makes control characters visible instead of obeyed: an escape of a terminal becomes ␛, a null ␀. Line ends and tabs
 * stay, and marks of direction become their code points, so that a text reads as it was stored.
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}

/** C0 but for tab and line ends, DEL, C1, and the marks that turn or hide what follows. */
const hidden = /(?![\t\n\r])[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;
