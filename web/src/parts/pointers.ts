/** The faults that the node found in a body, by the field that each is at. */
import { ProblemError } from "../api/request.ts";

/** What is wrong with a field, by JSON Pointer below the thing that was sent. */
export type Faults = ReadonlyMap<string, string>;

/**
 * The faults of a refusal.
 *
 * @param prefix the pointer of the thing within the body, such as `/jobDefinition`; it is taken off
 */
export function faultsOf(error: Error | null, prefix = ""): Faults {
  const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
  return new Map(
    errors.map(({ path, message }) => [path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path, message]),
  );
}

/** The faults at or below a pointer, which is taken off. */
export function faultsBelow(faults: Faults, pointer: string): Faults {
  const found = [...faults].filter(([path]) => path === pointer || path.startsWith(`${pointer}/`));
  return new Map(found.map(([path, message]) => [path.slice(pointer.length), message]));
}

/** The names of a pointer (RFC 6901). */
export function partsOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}
