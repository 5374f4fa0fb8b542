import { readEvents } from "../../domain/read-events.ts";
import { changeKinds } from "../../model/change.ts";
import { EventQuery, EventStream } from "../../schemas/events.ts";
import { openEventStream } from "../event-stream.ts";
import { problems, route, streamed } from "../route.ts";

/** For whoever watches: what happens to the customer's things, as it happens. */
export const readEventsRoute = route({
  method: "GET",
  url: "/events",
  role: "viewer",
  summary: "Follow changes live",
  description:
    "Server-sent events. `Last-Event-ID` goes on from there where that was less than a minute ago on this node; otherwise `reset` says that the state is to be read again.",
  query: EventQuery,
  answers: { 200: EventStream, ...problems("RATE_LIMITED") },
  async handle({ actor, query, header, context }) {
    const wanted = query.kinds?.split(",");
    const filter = {
      kinds: wanted ? new Set(changeKinds.filter((kind) => wanted.includes(kind))) : null,
      jobId: query.jobId ?? null,
      jobDefinitionCode: query.jobDefinitionCode ?? null,
    };
    const follow = readEvents(context, actor, filter, header("last-event-id") ?? null);
    return streamed(openEventStream(follow), {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      // Asks nginx not to hold events back.
      "x-accel-buffering": "no",
    });
  },
});
