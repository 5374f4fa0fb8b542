/** The query of a URL. */

type Scalar = string | number | boolean;

/** Names and their values; a list repeats its name. */
export type SearchParams = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** `url` with values in its query, in place of those that it has under the same names. */
export function withSearchParams(url: URL, searchParams: SearchParams): URL {
  const names = Object.keys(searchParams);
  if (names.length === 0) return url;
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(searchParams)) {
    for (const item of Array.isArray(value) ? value : [value]) added.append(name, String(item));
  }
  // Touched only where it must be: changing one entry rewrites the escapes of all, and some servers sign them.
  for (const name of names) if (url.searchParams.has(name)) url.searchParams.delete(name);
  const query = added.toString();
  if (query !== "") url.search = url.search === "" ? query : `${url.search}&${query}`;
  return url;
}
