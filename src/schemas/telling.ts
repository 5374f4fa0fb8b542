/** Webhooks and alerts, as options hold them. */
import Type from "typebox";
import { alertKinds, alertWays, webhookEvents } from "../model/telling.ts";
import { closed } from "./primitives.ts";

const Webhook = closed({
  url: Type.String({
    minLength: 1,
    maxLength: 2_000,
    description: "http or https; redirects are not followed.",
    examples: ["https://example.com/punctual"],
  }),
  events: Type.Optional(
    Type.Array(Type.Enum([...webhookEvents]), {
      minItems: 1,
      maxItems: webhookEvents.length,
      uniqueItems: true,
      description: "What it is told of; all of them unless said.",
    }),
  ),
  secret: Type.Optional(
    Type.String({
      pattern: "^\\{\\{secrets\\.[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\}\\}$",
      description: "The secret that signs, by reference; the customer's own signing secret unless said.",
      examples: ["{{secrets.shop-webhook}}"],
    }),
  ),
});

/** Addresses that are told of the ends of jobs and of alerts, signed as Standard Webhooks has it. */
export const Webhooks = Type.Array(Webhook, { maxItems: 10 });

const Alert = closed({
  when: Type.Enum([...alertKinds]),
  failures: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000,
      description: "Failures in a row, of failures; or that a success must follow, of recovered. 1 unless said.",
    }),
  ),
  afterSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 31 * 86_400,
      description: "How late, how long, or how long without a success: of late, longRun and noSuccess.",
    }),
  ),
  by: Type.Array(Type.Enum([...alertWays]), { minItems: 1, maxItems: alertWays.length, uniqueItems: true }),
  atMostEverySeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 31 * 86_400,
      description: "Alerts of the kind are told at most once in this time; 3600 unless said.",
    }),
  ),
});

/** Answer of `GET /webhook-signing-secret`. */
export const SigningSecretAnswer = Type.Object({
  signingSecret: Type.String({ description: "`whsec_` and base64, as the libraries of Standard Webhooks take it." }),
});

/** What is watched for, and how it is told. */
export const Alerts = Type.Array(Alert, { maxItems: 20 });
