/** A mail as HTML: one column, inline styles alone, because that is what mail programs agree on. */
import type { MailContent, Tone } from "./message.ts";

const colours: Readonly<Record<Tone, { readonly strong: string; readonly soft: string }>> = {
  good: { strong: "#166534", soft: "#dcfce7" },
  bad: { strong: "#b42318", soft: "#fee4e2" },
  notice: { strong: "#92400e", soft: "#fef3c7" },
};

const sans = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const mono = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;";

/** Writes the HTML; every text in it is escaped. */
export function renderHtml(content: MailContent): string {
  const { strong, soft } = colours[content.tone];
  const { subject, label, heading, paragraphs, facts, excerpts, action, footer } = content;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:0;background:#f4f4f5;">
<div style="display:none;max-height:0;overflow:hidden;">${escapeHtml(paragraphs[0] ?? heading)}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f4f5;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border:1px solid #e4e4e7;border-top:4px solid ${strong};border-radius:8px;${sans}color:#18181b;text-align:left;">
<tr><td style="padding:24px 24px 8px;">
<span style="display:inline-block;padding:3px 10px;border-radius:12px;background:${soft};color:${strong};font-size:13px;font-weight:600;">${escapeHtml(label)}</span>
<h1 style="margin:12px 0 4px;font-size:21px;line-height:1.3;font-weight:650;overflow-wrap:anywhere;">${escapeHtml(heading)}</h1>
${paragraphs.map(paragraph).join("\n")}
</td></tr>
${action ? button(action, strong) : ""}
${excerpts.map(excerptRow).join("\n")}
<tr><td style="padding:8px 24px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;">
${facts.map(fact).join("\n")}
</table>
</td></tr>
<tr><td style="padding:16px 24px 22px;border-top:1px solid #e4e4e7;font-size:13px;line-height:1.5;color:#5b5b64;overflow-wrap:anywhere;">${escapeHtml(footer)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p style="margin:8px 0;font-size:15px;line-height:1.5;overflow-wrap:anywhere;">${escapeHtml(text)}</p>`;
}

function fact({ label, lines }: MailContent["facts"][number]): string {
  const cell = "padding:9px 0;border-top:1px solid #f0f0f2;vertical-align:top;font-size:14px;line-height:1.45;";
  const [first = "", ...rest] = lines;
  const more = rest.map((line) => `<br><span style="color:#5b5b64;">${escapeHtml(line)}</span>`).join("");
  return `<tr><td style="${cell}padding-right:12px;width:84px;color:#5b5b64;">${escapeHtml(label)}</td><td style="${cell}overflow-wrap:anywhere;">${escapeHtml(first)}${more}</td></tr>`;
}

function excerptRow({ label, text }: MailContent["excerpts"][number]): string {
  return `<tr><td style="padding:8px 24px;">
<div style="margin-bottom:6px;font-size:14px;color:#5b5b64;">${escapeHtml(label)}</div>
<div style="padding:12px;background:#f7f7f8;border:1px solid #e4e4e7;border-radius:6px;${mono}font-size:13px;line-height:1.45;white-space:pre-wrap;overflow-wrap:anywhere;">${escapeHtml(text)}</div>
</td></tr>`;
}

function button({ label, url }: { readonly label: string; readonly url: string }, colour: string): string {
  return `<tr><td style="padding:6px 24px 14px;">
<a href="${escapeHtml(url)}" style="display:inline-block;padding:11px 20px;border-radius:6px;background:${colour};color:#ffffff;font-size:15px;font-weight:600;text-decoration:none;">${escapeHtml(label)}</a>
</td></tr>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
