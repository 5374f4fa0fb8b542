import Type from "typebox";
import { changeKinds } from "../model/change.ts";
import { Code, closed, JobIdText } from "./primitives.ts";

const kind = `(${changeKinds.join("|")})`;

/** Query of `GET /events`. */
export const EventQuery = closed({
  kinds: Type.Optional(
    Type.String({
      pattern: `^${kind}(,${kind})*$`,
      maxLength: 200,
      description: `Only events of these kinds, with commas between: ${changeKinds.join(", ")}.`,
      examples: ["job,progress"],
    }),
  ),
  jobId: Type.Optional(JobIdText),
  jobDefinitionCode: Type.Optional(Code),
});

/** A stream of `text/event-stream`. */
export const EventStream = Type.String({
  contentMediaType: "text/event-stream",
  description:
    "Events `job`, `progress`, `log`, `definition` and `notification`, each with its JSON in `data`; `ready` when the stream begins, `reset` when something may have been missed, `closed` with the reason before the server closes it.",
});
