import Type from "typebox";
import { deliveryKinds, deliveryStates } from "../model/delivery.ts";
import { webhookEvents } from "../model/telling.ts";
import { Code, closed, Email, JobIdText, NextCursor, nullable, Page, Timestamp, Uuid } from "./primitives.ts";

const State = Type.Enum([...deliveryStates], {
  description: "`givenUp`: nobody tries any more, and `answer` says why.",
});

const Delivery = Type.Object(
  {
    deliveryId: Uuid,
    kind: Type.Enum([...deliveryKinds]),
    event: Type.Enum([...webhookEvents]),
    destination: Type.String({ description: "An email address, or a URL." }),
    jobId: nullable(JobIdText),
    jobDefinitionCode: nullable(Code),
    state: State,
    attempts: Type.Integer({ minimum: 0 }),
    answer: nullable(Type.String({ description: "What the destination said last, or why it could not be reached." })),
    createdAt: Timestamp,
    nextAttemptAt: nullable(Timestamp),
    endedAt: nullable(Timestamp),
  },
  { $id: "Delivery" },
);

/** A page of `GET /deliveries`. */
export const DeliveryList = Type.Object({ deliveries: Type.Array(Delivery), nextCursor: NextCursor });

/** Query of `GET /deliveries`. */
export const DeliveryQuery = closed({
  jobId: Type.Optional(JobIdText),
  ...Page,
});

/** Answer of `GET /mail`. */
export const MailAnswer = Type.Object({
  mail: Type.Object(
    {
      configured: Type.Boolean({ description: "false: mails wait until the operator sets SMTP_URL." }),
      from: nullable(Type.String()),
      waiting: Type.Integer({
        minimum: 0,
        maximum: 1_000,
        description: "Mails that are still to be sent; 1000 stands for that and more.",
      }),
    },
    { $id: "Mail" },
  ),
});

/** Body of `POST /mail/_test`. */
export const MailTest = closed({ to: Email });

/** Answer of `POST /mail/_test`. */
export const MailTested = Type.Object({
  delivered: Type.Boolean({ description: "Whether the mail server took it." }),
  answer: Type.String({ description: "What the mail server said, or why it could not be asked." }),
});
