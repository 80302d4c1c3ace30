import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { JobHandler, LeasedJob, Outcome } from "../outbox/job.ts";
import { findPass, findPassEvent } from "../passes/pass-store.ts";
import type { Templates } from "../templates/templates.ts";
import { type PassEventSubject, passCloudEvent } from "./cloud-event.ts";
import { type Deliver, isTaken } from "./delivery.ts";
import type { ReceiverHealth } from "./receiver-health.ts";
import type { Answer } from "./sender.ts";
import { findWebhook, type StoredWebhook } from "./webhook-store.ts";

export interface DeliveryHandlerDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly templates: Templates;
  readonly publicUrl: string;
  readonly deliver: Deliver;
  readonly health: ReceiverHealth;
}

/** How long others wait for the one delivery that tries a receiver: a little longer than it may take. */
const PROBE_MS = 15_000;
const MIN_RETRY_AFTER_MS = 1_000;
/** No receiver holds its events back for longer than this at a time. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** The handler of deliveries. What a webhook that is gone or switched off was to be told is dropped. */
export function createDeliveryHandler(deps: DeliveryHandlerDependencies): JobHandler {
  const { db, clock, templates, publicUrl, deliver, health } = deps;
  const tried = new Set<string>();

  async function subjectOf({ payload }: LeasedJob): Promise<PassEventSubject | undefined> {
    const pass = await findPass(db.read, String(payload["serial"]));
    const event = await findPassEvent(db.read, Number(payload["eventId"]));
    return pass && event && { pass, event, template: await templates.ofPass(pass) };
  }

  async function attempt(webhook: StoredWebhook, job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const subject = await subjectOf(job);
    if (!subject) return { type: "done" };
    const event = passCloudEvent(subject, webhook, publicUrl, clock.now());
    const { answer, result } = await deliver(webhook, event, job.attempts + 1, signal);
    if (isTaken(answer)) return { type: "done", record: (tx) => health.taken(tx, webhook, result) };
    if (answer.type === "answered" && answer.status === 410) {
      return { type: "done", record: (tx) => health.gone(tx, webhook, result) };
    }
    const reason = reasonOf(answer);
    // That we are in a hurry says nothing about the receiver.
    if (answer.type === "unreachable" && signal.aborted) return { type: "retry", reason };
    const waitMs = askedToWait(answer, clock.now());
    if (waitMs === undefined) {
      await db.transaction((tx) => health.failed(tx, webhook, result, reason));
      return { type: "retry", reason };
    }
    await db.transaction((tx) => health.keep(tx, webhook, result));
    return { type: "throttled", retryAfterMs: waitMs, reason };
  }

  return async (job, signal) => {
    const webhook = await findWebhook(db.read, job.accountId, String(job.payload["webhookId"]));
    if (!webhook?.active) return { type: "done" };
    if (webhook.pausedUntil === null) return attempt(webhook, job, signal);
    // Taken before the pause began, or beside the one delivery that tries whether it can end.
    const waitMs = tried.has(webhook.id) ? PROBE_MS : webhook.pausedUntil - clock.now();
    if (waitMs > 0) return { type: "throttled", retryAfterMs: waitMs, reason: "The receiver fails." };
    tried.add(webhook.id);
    try {
      return await attempt(webhook, job, signal);
    } finally {
      tried.delete(webhook.id);
    }
  };
}

function reasonOf(answer: Answer): string {
  if (answer.type === "unreachable") return `The receiver could not be reached: ${answer.reason}`;
  const hint = answer.status >= 300 && answer.status < 400 ? "; redirects are not followed" : "";
  return `The receiver answered ${answer.status}${hint}.`;
}

/** `Retry-After` of 429 and 503, in seconds or as a date (RFC 9110, section 10.2.3). */
function askedToWait(answer: Answer, now: number): number | undefined {
  if (answer.type === "unreachable" || answer.retryAfter === null) return undefined;
  if (answer.status !== 429 && answer.status !== 503) return undefined;
  const seconds = Number(answer.retryAfter);
  const waitMs = Number.isNaN(seconds) ? Date.parse(answer.retryAfter) - now : seconds * 1_000;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.ceil(Math.min(MAX_RETRY_AFTER_MS, Math.max(MIN_RETRY_AFTER_MS, waitMs)));
}
