import { type OpenedSchedule, openStored } from "../../model/firing/open-stored.ts";
import type { JsonText } from "../../model/job.ts";
import type { Context } from "../context.ts";

/**
 * Opens the schedule of a definition as it was saved; undefined where this node cannot read it, for instance because it does not know
 * the time zone: that must keep nobody from pausing or mending it.
 */
export function openKept(context: Context, definitionId: string, text: JsonText): OpenedSchedule | undefined {
  try {
    return openStored(text);
  } catch (error) {
    context.log.error(
      { err: error, definitionId },
      "a stored schedule cannot be read; what was due of it is not told of",
    );
    return undefined;
  }
}
