import { quote } from "./cron-error.ts";

/** A checked name, or why it is refused. */
export type TimeZoneCheck =
  | { readonly ok: true; readonly timeZone: string }
  | { readonly ok: false; readonly message: string };

/** Longest name that is looked up; the longest of the IANA's has 32 characters. */
const maxLength = 64;

// Names that Intl knows although they say an offset or a country in letters, and others that people try.
const abbreviations: ReadonlyMap<string, string> = new Map([
  ["EST", "America/New_York, or America/Panama without daylight saving"],
  ["EDT", "America/New_York"],
  ["EST5EDT", "America/New_York"],
  ["CST", "America/Chicago or Asia/Shanghai"],
  ["CDT", "America/Chicago"],
  ["CST6CDT", "America/Chicago"],
  ["MST", "America/Denver, or America/Phoenix without daylight saving"],
  ["MDT", "America/Denver"],
  ["MST7MDT", "America/Denver"],
  ["PST", "America/Los_Angeles"],
  ["PDT", "America/Los_Angeles"],
  ["PST8PDT", "America/Los_Angeles"],
  ["AST", "America/Halifax or Asia/Riyadh"],
  ["ADT", "America/Halifax"],
  ["NST", "America/St_Johns"],
  ["HST", "Pacific/Honolulu"],
  ["AKST", "America/Anchorage"],
  ["BST", "Europe/London"],
  ["WET", "Europe/Lisbon"],
  ["WEST", "Europe/Lisbon"],
  ["CET", "Europe/Paris"],
  ["CEST", "Europe/Paris"],
  ["MET", "Europe/Paris"],
  ["EET", "Europe/Athens"],
  ["EEST", "Europe/Athens"],
  ["MSK", "Europe/Moscow"],
  ["IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"],
  ["JST", "Asia/Tokyo"],
  ["KST", "Asia/Seoul"],
  ["SGT", "Asia/Singapore"],
  ["HKT", "Asia/Hong_Kong"],
  ["AEST", "Australia/Sydney, or Australia/Brisbane without daylight saving"],
  ["AEDT", "Australia/Sydney"],
  ["ACST", "Australia/Adelaide"],
  ["AWST", "Australia/Perth"],
  ["NZST", "Pacific/Auckland"],
  ["NZDT", "Pacific/Auckland"],
  ["GB", "Europe/London"],
  ["NZ", "Pacific/Auckland"],
  ["Z", "UTC"],
]);

let known: ReadonlyMap<string, string> | null = null;

/**
 * Whether a name is an IANA time zone that clocks can be asked of: `America/Toronto`, `UTC`, `Etc/GMT+5`. Upper and
 * lower case are the same; the name comes back as the IANA spells it where this Node.js lists it, as given otherwise.
 * Abbreviations (`EST`) and offsets (`+02:00`) are refused, as they name no place whose clocks one could follow.
 */
export function checkTimeZone(name: string): TimeZoneCheck {
  const shown = quote(name);
  if (/^(?:utc|gmt)$/i.test(name)) return { ok: true, timeZone: name.toUpperCase() };
  if (/^(?:UTC|GMT)?[+\-−]?\d/i.test(name)) {
    return refuse(`${shown} is an offset, not a time zone; use UTC or the name of a place, such as Europe/Paris`);
  }
  const meant = abbreviations.get(name.toUpperCase());
  if (meant) return refuse(`${shown} is an abbreviation, not a time zone; did you mean ${meant}?`);
  if (/^[A-Z]{2,5}$/.test(name)) {
    return refuse(`${shown} is an abbreviation, not a time zone; use the name of a place, such as Asia/Tokyo`);
  }
  const listed = listedZones().get(name.toLowerCase());
  if (listed) return { ok: true, timeZone: listed };
  if (isKnownToIntl(name)) return { ok: true, timeZone: name };
  const similar = name.length <= maxLength ? similarZone(name) : undefined;
  return refuse(`there is no time zone ${shown}${similar ? `; did you mean ${similar}?` : "; use an IANA name"}`);
}

function refuse(message: string): TimeZoneCheck {
  return { ok: false, message };
}

function listedZones(): ReadonlyMap<string, string> {
  known ??= new Map(Intl.supportedValuesOf("timeZone").map((name) => [name.toLowerCase(), name]));
  return known;
}

function isKnownToIntl(name: string): boolean {
  if (name.length > maxLength || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The listed zone whose place is spelled alike, with at most two slips of the pen. */
function similarZone(name: string): string | undefined {
  const wanted = placeOf(name.toLowerCase().replaceAll(/[ -]/g, "_"));
  let best: string | undefined;
  let bestSlips = 3;
  for (const [lower, spelled] of listedZones()) {
    const place = placeOf(lower);
    if (Math.abs(place.length - wanted.length) >= bestSlips) continue;
    const slips = slipsBetween(place, wanted);
    if (slips >= bestSlips || slips * 3 > wanted.length) continue;
    best = spelled;
    bestSlips = slips;
  }
  return best;
}

function placeOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Letters to insert, delete or replace (Levenshtein). */
function slipsBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let index = 1; index <= left.length; index++) {
    const next = [index];
    for (let other = 1; other <= right.length; other++) {
      const replace = (row[other - 1] ?? 0) + (left[index - 1] === right[other - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
