import type { Outcome } from "../outbox/job.ts";
import { type KlaviyoAnswer, klaviyoErrorText } from "./client.ts";
import type { DeliveryAnswer } from "./delivery.ts";
import type { LimitFamily } from "./limits.ts";
import { SCOPE_OF } from "./scopes.ts";

/** What is waited when Klaviyo does not tell how long: the length of its longer window. */
const DEFAULT_RETRY_AFTER_MS = 60_000;
const MIN_RETRY_AFTER_MS = 1_000;

/** Every answer but success to a request of a family, as what becomes of the job. */
export function failureOf(answer: DeliveryAnswer, family: LimitFamily): Outcome {
  if (answer.type === "unreachable") return { type: "retry", reason: answer.reason };
  if (answer.type === "held") {
    const reason = answer.isDown
      ? "It waits until Klaviyo answers again."
      : "It waits for its turn within Klaviyo's limits.";
    return { type: "later", reason, runAt: answer.until };
  }
  if (answer.type === "disconnected") {
    const reason = "Klaviyo is disconnected. Everything waits until there is a key: passhook klaviyo connect";
    return { type: "blocked", scope: "channel", reason };
  }
  const reason = klaviyoErrorText(answer);
  const { status } = answer;
  if (status === 429) {
    // Never at once: being throttled costs no attempt, so nothing else would slow it down.
    const retryAfterMs = Math.max(MIN_RETRY_AFTER_MS, answer.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
    return { type: "throttled", retryAfterMs, reason };
  }
  if (status === 401)
    return {
      type: "blocked",
      scope: "channel",
      reason: `${reason}. Connect again with a valid key: passhook klaviyo connect`,
    };
  if (status === 403)
    return {
      type: "blocked",
      scope: "kind",
      reason: `${reason}. The key lacks a scope, probably ${SCOPE_OF[family]}: make a new key that has it and connect again: passhook klaviyo connect`,
    };
  if (status === 408 || status >= 500 || status < 400) return { type: "retry", reason };
  return { type: "bury", reason };
}

export const isSuccess = (answer: DeliveryAnswer): answer is Extract<KlaviyoAnswer, { type: "answered" }> =>
  answer.type === "answered" && answer.status >= 200 && answer.status < 300;
