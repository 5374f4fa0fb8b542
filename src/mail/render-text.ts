import type { MailContent } from "./message.ts";

/** A mail as plain text. */
export function renderText(content: MailContent): string {
  const { label, heading, paragraphs, facts, excerpts, action, footer } = content;
  const width = Math.max(0, ...facts.map((fact) => fact.label.length)) + 2;
  const rows = facts.map(
    ({ label: name, lines }) => `${`${name}:`.padEnd(width)}${lines.join(`\n${" ".repeat(width)}`)}`,
  );
  const sections = [
    `${label.toUpperCase()}: ${heading}`,
    ...paragraphs,
    ...(action ? [`${action.label}: ${action.url}`] : []),
    ...excerpts.map((excerpt) => `${excerpt.label}:\n\n${indent(excerpt.text)}`),
    rows.join("\n"),
    `--\n${footer}`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}
