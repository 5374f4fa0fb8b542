/** Calls webhooks as Standard Webhooks has it (https://www.standardwebhooks.com), through the guarded way out. */
import { Webhook } from "standardwebhooks";
import { ApiError } from "../model/api-errors.ts";
import type { DeliveryOutcome } from "../model/delivery.ts";
import { JobError } from "../model/job-errors.ts";
import type { GuardedFetch, OutgoingResponse } from "../model/outgoing-request.ts";
import type { SendDelivery } from "./deliver-outbox.ts";

/** Longest that one call may take, its answer included. */
const deadlineMs = 15_000;
/** Bytes of an answer that are read, and characters that are kept. */
const mostRead = 16 * 1024;
const longestAnswer = 500;
const longestRetryAfterSeconds = 3_600;

/** What sending needs of the node. */
export interface WebhookTools {
  readonly fetch: GuardedFetch;
  /** The value that signs a customer's calls. @param reference `{{secrets.CODE}}`; null: the customer's own @throws JobError */
  signingSecret(customerCode: string, reference: string | null, destination: URL): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Makes the sender of webhook calls. */
export function createWebhookSender({ fetch, signingSecret, now }: WebhookTools): SendDelivery {
  return async ({ deliveryId, customerCode, destination, content }, stop) => {
    if (content.about !== "webhook") throw new Error("a mail lies among the webhook calls");
    const signal = AbortSignal.any([stop, AbortSignal.timeout(deadlineMs)]);
    try {
      const url = new URL(destination);
      const secret = await signingSecret(customerCode, content.secret, url);
      const at = new Date(now());
      const response = await fetch({
        url,
        method: "POST",
        headers: {
          "content-type": "application/json",
          "webhook-id": deliveryId,
          "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
          "webhook-signature": signerOf(secret).sign(deliveryId, at, content.body),
        },
        body: content.body,
        signal,
        maxRedirects: 0,
      });
      return await outcomeOf(response);
    } catch (error) {
      return failureOf(error, signal);
    }
  };
}

/** A secret in the specification's form is base64 behind `whsec_`; any other signs as it is. */
function signerOf(secret: string): Webhook {
  return /^whsec_[A-Za-z0-9+/]+=*$/.test(secret) ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
}

async function outcomeOf(response: OutgoingResponse): Promise<DeliveryOutcome> {
  const { status, headers } = response;
  const said = await startOf(response);
  const answer = `Status ${status}${said === "" ? "" : `: ${said}`}`;
  if (status >= 200 && status < 300) return { state: "delivered", answer };
  if (status >= 300 && status < 400) {
    return {
      state: "failed",
      answer: `Status ${status}: redirects are not followed; name the address that answers.`,
      final: false,
    };
  }
  const retryAfter = headers["retry-after"];
  const seconds = typeof retryAfter === "string" && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : 0;
  // 410 says that nobody wants to hear of it any more.
  return {
    state: "failed",
    answer,
    final: status === 410,
    retryAfterSeconds: Math.min(seconds, longestRetryAfterSeconds),
  };
}

async function startOf({ body }: OutgoingResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= mostRead) break;
  }
  // What is no text is no answer to show; NUL cannot be stored.
  const text = Buffer.concat(chunks)
    .toString()
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return text.slice(0, longestAnswer).toWellFormed();
}

/** Failures that another try would meet again. */
const finalCodes: ReadonlySet<string> = new Set(["ADDRESS_NOT_ALLOWED", "INVALID_PARAMS"]);

function failureOf(error: unknown, signal: AbortSignal): DeliveryOutcome {
  if (error instanceof JobError) {
    return {
      state: "failed",
      answer: `${error.code}: ${error.message}`.slice(0, longestAnswer),
      final: finalCodes.has(error.code),
    };
  }
  if (error instanceof ApiError) return { state: "failed", answer: error.message, final: false };
  if (signal.aborted) {
    return { state: "failed", answer: `It did not answer within ${deadlineMs / 1000} s.`, final: false };
  }
  throw error;
}
