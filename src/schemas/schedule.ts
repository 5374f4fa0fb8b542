import Type from "typebox";
import { maxCronLength } from "../model/cron/parse-cron.ts";
import { catchUpRules, overlapRules } from "../model/schedule.ts";
import { closed, nullable, resettable, Timestamp } from "./primitives.ts";

/** A cron expression, bounded in length; `checkSchedule` judges what it says. */
export const Cron = Type.String({
  minLength: 1,
  maxLength: maxCronLength,
  description: "5 fields are Unix cron, 6 or 7 are Quartz (seconds first).",
  examples: ["*/5 * * * *", "0 0 12 * * ?"],
});

/** The name of a time zone, bounded in length; `checkSchedule` judges whether there is one. */
export const TimeZone = Type.String({ minLength: 1, maxLength: 64, examples: ["UTC", "America/Toronto"] });
const Dates = Type.Array(Type.String({ format: "date" }), { maxItems: 1000 });
const Crons = Type.Array(Cron, { maxItems: 20 });
const Overlap = Type.Enum([...overlapRules]);
const CatchUp = Type.Enum([...catchUpRules]);
const CatchUpWindow = Type.Integer({ minimum: 0, maximum: 31 * 86_400 });
const Jitter = Type.Integer({ minimum: 0, maximum: 86_400 });

const givenFields = {
  timeZone: resettable(TimeZone),
  startAt: resettable(Timestamp),
  endAt: resettable(Timestamp),
  exclude: resettable(closed({ dates: Type.Optional(Dates), crons: Type.Optional(Crons) })),
  overlap: resettable(Overlap),
  catchUp: resettable(CatchUp),
  catchUpWindowSeconds: resettable(CatchUpWindow),
  jitterSeconds: resettable(Jitter),
};

/** A schedule as callers give it. */
export const GivenSchedule = closed({ cron: Cron, ...givenFields }, { $id: "GivenSchedule" });

/** A change of a schedule: it keeps the cron that it does not name. */
export const ScheduleChange = closed({ cron: Type.Optional(Cron), ...givenFields }, { $id: "ScheduleChange" });

/** A schedule as it is answered. */
export const Schedule = Type.Object(
  {
    cron: Cron,
    timeZone: TimeZone,
    startAt: nullable(Timestamp),
    endAt: nullable(Timestamp),
    exclude: Type.Object({ dates: Dates, crons: Crons }),
    overlap: Overlap,
    catchUp: CatchUp,
    catchUpWindowSeconds: CatchUpWindow,
    jitterSeconds: Jitter,
  },
  { $id: "Schedule" },
);
