import type { Actor } from "../model/actor.ts";
import { ApiError } from "../model/api-errors.ts";
import type { ChangeFilter } from "../model/change.ts";
import type { ChangeSink } from "../runtime/change-feed.ts";
import type { Context } from "./context.ts";

/** Streams of one customer on one node: more than its people have windows, few enough for the node's memory. */
const mostReaders = 2_000;

/**
 * Lets a customer's reader follow its changes.
 *
 * @returns what starts the flow into a sink, and returns a way to stop it
 * @throws ApiError RATE_LIMITED where the customer has too many streams on this node
 */
export function readEvents(
  { changes }: Context,
  actor: Actor,
  filter: ChangeFilter,
  lastEventId: string | null,
): (sink: ChangeSink) => () => void {
  if (changes.readers(actor.customerCode) >= mostReaders) {
    throw new ApiError(
      "RATE_LIMITED",
      `This customer has ${mostReaders} streams of events open on this node; close some.`,
    );
  }
  return (sink) => changes.read(actor.customerCode, filter, lastEventId, sink);
}
