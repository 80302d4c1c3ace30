import type { Outcome } from "../outbox/job.ts";
import { type KlaviyoAnswer, klaviyoErrorText } from "./client.ts";

/** What is tried when Klaviyo does not tell how long to wait: the length of its longer window. */
const DEFAULT_RETRY_AFTER_MS = 60_000;
const MIN_RETRY_AFTER_MS = 1_000;

/** A disconnected account's jobs wait until there is a key again; they go on with `klaviyo connect`. */
export const DISCONNECTED: Outcome = {
  type: "blocked",
  scope: "channel",
  reason:
    "The account is disconnected from Klaviyo; its jobs wait. Go on with: passhook klaviyo connect --key-file FILE",
};

/** Every answer but success, as what becomes of the job. */
export function failureOf(answer: KlaviyoAnswer): Outcome {
  if (answer.type === "unreachable") return { type: "retry", reason: answer.reason };
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
      reason: `${reason}. The key lacks a scope; make a new key and connect again.`,
    };
  if (status === 408 || status >= 500 || status < 400) return { type: "retry", reason };
  return { type: "bury", reason };
}
