import Type from "typebox";
import { nullable, Timestamp } from "./primitives.ts";

const Count = Type.Integer({ minimum: 0 });
const Ms = Type.Integer({ minimum: 0, description: "Milliseconds." });
const CountedFrom = nullable(
  Type.String({
    ...Timestamp,
    description: "Null where all of `hours` was counted; otherwise the counts begin here: only the newest 10,000 are.",
  }),
);

/** Answer of `GET /overview`. */
export const OverviewAnswer = Type.Object({
  overview: Type.Object(
    {
      hours: Type.Integer({ description: "How far back `occurrences` and `jobs` count." }),
      occurrences: Type.Object({
        fired: Count,
        late: Count,
        skipped: Count,
        missed: Count,
        countedFrom: CountedFrom,
      }),
      jobs: Type.Object({
        made: Count,
        completed: Count,
        failed: Type.Integer({ minimum: 0, description: "Without those that were cancelled." }),
        cancelled: Count,
        waitMs: nullable(
          Type.Integer({
            minimum: 0,
            description: "Milliseconds from when a job was due to its first run: 95 of 100 waited no longer.",
          }),
        ),
        countedFrom: CountedFrom,
      }),
      queue: Type.Object(
        {
          running: Count,
          queued: Type.Integer({ minimum: 0, description: "Due, and not yet running." }),
          waiting: Type.Integer({ minimum: 0, description: "Not due yet, or waiting for something else." }),
          oldestQueuedMs: nullable(Ms),
        },
        { description: "Of the 10,000 oldest unfinished jobs." },
      ),
      nodes: Type.Object({
        alive: Count,
        silent: Type.Integer({ minimum: 0, description: "Not heard of for 30 s, and not yet forgotten." }),
      }),
      schedulerLagSeconds: Type.Number({
        minimum: 0,
        description:
          "How long the occurrence that has waited longest has been due, of all schedules; 0 where none waits.",
      }),
      retentionDays: Type.Integer({ description: "How many days jobs are kept from their end." }),
    },
    { $id: "Overview" },
  ),
});

const Node = Type.Object(
  {
    name: Type.String(),
    roles: Type.Array(Type.String()),
    startedAt: Timestamp,
    lastBeatAt: Timestamp,
    alive: Type.Boolean({ description: "Whether it was heard of in the last 30 s." }),
  },
  { $id: "Node" },
);

/** Answer of `GET /nodes`. */
export const NodeList = Type.Object({ nodes: Type.Array(Node, { description: "200 at most." }) });
