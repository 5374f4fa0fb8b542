/** Writes the table of settings into the README. */
import { type Setting, settings } from "../src/config/settings.ts";

const section = /<!-- settings -->\n[\s\S]*?<!-- \/settings -->/;

/** @param readme the README as it is @returns the README with the table as the code has it */
export function withSettings(readme: string): string {
  const rows = Object.values<Setting<unknown>>(settings).map(
    ({ environment, flag, default: fallback, description }) =>
      `| \`${environment}\` | ${flag ? `\`--${flag}\`` : ""} | ${fallback ? `\`${fallback}\`` : "none"} | ${description} |`,
  );
  const table = ["| environment | flag | default | |", "| --- | --- | --- | --- |", ...rows].join("\n");
  if (!section.test(readme)) throw new Error("README.md has no section for the settings");
  return readme.replace(section, `<!-- settings -->\n${table}\n<!-- /settings -->`);
}
