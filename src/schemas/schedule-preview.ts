import Type from "typebox";
import { Code, closed, nullable, Timestamp } from "./primitives.ts";
import { Cron, GivenSchedule, TimeZone } from "./schedule.ts";

const question = {
  after: Type.Optional(
    Type.String({
      format: "date-time",
      maxLength: 40,
      description: "Times after this one, RFC 3339; now unless said.",
    }),
  ),
  count: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, description: "How many next times; 10 unless said otherwise." }),
  ),
};

/** Query of `GET /schedules/_preview`. */
export const SchedulePreviewQuery = closed({ cron: Cron, timeZone: Type.Optional(TimeZone), ...question });

/** Body of `POST /schedules/_preview`. */
export const SchedulePreviewRequest = closed({
  schedule: GivenSchedule,
  jobDefinitionCode: Type.Optional(Code),
  ...question,
});

const fields = {
  cron: Cron,
  dialect: Type.Enum(["unix", "quartz"]),
  description: Type.String({ description: "In words.", examples: ["At 10:15, Monday to Friday"] }),
  timeZone: TimeZone,
  next: Type.Array(Timestamp, { description: "Fewer than asked for where it ends." }),
  notes: Type.Array(Type.String(), {
    description:
      "What is easily misread, and the clock changes of the next 366 days that move, drop or double an occurrence.",
  }),
};

/** Answer of `GET /schedules/_preview`. */
export const SchedulePreview = Type.Object(fields, { $id: "SchedulePreview" });

/** The same, and what would change if the schedule took the place of the definition's. */
export const ScheduleComparison = Type.Object(
  {
    ...fields,
    removed: Type.Optional(Type.Array(Timestamp, { description: "Of the stored schedule's next 50: those that go." })),
    added: Type.Optional(Type.Array(Timestamp, { description: "Of this schedule's next 50: those that come." })),
    comparedUntil: Type.Optional(
      nullable(
        Type.String({ format: "date-time", description: "Last time that was compared; null where both end before." }),
      ),
    ),
  },
  { $id: "ScheduleComparison" },
);
