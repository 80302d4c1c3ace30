import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { JobHandler, NewJob, Outcome } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import type { PhoneUpdate } from "../passes/changes.ts";
import type { Device, DeviceKey } from "./device-store.ts";
import { devicesHolding, findDevice, recordPush } from "./device-store.ts";
import type { Identities } from "./identities.ts";
import type { PassKit } from "./passkit.ts";
import type { PushAnswer, PushClient } from "./push-client.ts";

const PUSH_JOB = "apple.push";
/** Pushes of a template's change: a lane of their own, so that they never stand before a single pass's. */
const BULK_PUSH_JOB = "apple.push.bulk";

/**
 * A phone is pushed at most once in this time for one pass type: iOS keeps a score per type, and above a limit it turns
 * updates off for all passes of that type (Apple Developer Forums, thread 807401; the limit is unpublished).
 */
export const PUSH_WINDOW_MS = 60_000;
/** Apple: "retry later" for 500 and 503 means a quarter of an hour. */
const SERVER_TROUBLE_MS = 15 * 60_000;

/**
 * Lets every phone that holds one of the passes know, once, that something changed; a phone for which a push waits
 * already gets no second.
 */
export function createPhoneTeller({ outbox, clock }: { outbox: OutboxStore; clock: Clock }) {
  return async (tx: Transaction, { accountId, serials, updateTag, urgency }: PhoneUpdate): Promise<void> => {
    const now = clock.now();
    const kind = urgency === "single" ? PUSH_JOB : BULK_PUSH_JOB;
    const holders = await devicesHolding(tx.query, serials);
    const jobs = holders.map(({ deviceId, passTypeIdentifier, lastPushAt }): NewJob => {
      const orderingKey = `${kind}:${passTypeIdentifier}:${deviceId}`;
      return {
        accountId,
        kind,
        channel: `apns:${passTypeIdentifier}`,
        orderingKey,
        nature: "state",
        idempotencyKey: `${orderingKey}:${updateTag}`,
        payload: { deviceId, passTypeIdentifier },
        runAt: Math.max(now, (lastPushAt ?? 0) + PUSH_WINDOW_MS),
      };
    });
    await outbox.enqueue(tx, jobs, now);
  };
}

export interface PushDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly client: PushClient;
  readonly identities: Identities;
  readonly passKit: PassKit;
}

/** The handlers of push jobs. */
export function createPushHandlers({
  db,
  clock,
  client,
  identities,
  passKit,
}: PushDependencies): Record<string, JobHandler> {
  const push: JobHandler = async (job, signal) => {
    const key: DeviceKey = {
      deviceId: String(job.payload["deviceId"]),
      passTypeIdentifier: String(job.payload["passTypeIdentifier"]),
    };
    const device = await findDevice(db.read, key);
    // A phone that was told since the job was made has asked, or will ask, for everything that changed.
    if (!device || (device.lastPushAt ?? 0) > job.createdAt) return { type: "done" };
    const identity = await identities.pushIdentity(job.accountId, key.passTypeIdentifier);
    if (!identity) return { type: "done" };
    const begunAt = clock.now();
    const answer = await client.push(identity, device.pushToken, signal);
    const outcome = outcomeOf(answer, device);
    if (outcome.type === "done") {
      return {
        type: "done",
        async record(tx) {
          await recordPush(tx.query, key, resultOf(answer), begunAt);
          if (isGone(answer, device)) await passKit.forgetDevice(tx, key);
        },
      };
    }
    await db.transaction((tx) => recordPush(tx.query, key, resultOf(answer), undefined));
    return outcome;
  };
  return { [PUSH_JOB]: push, [BULK_PUSH_JOB]: push };
}

/** Our own misconfiguration (topic, certificate): every registration stays, and a person is told. */
const OUR_FAULT = ["DeviceTokenNotForTopic", "BadTopic", "TopicDisallowed", "MissingTopic"];

/** Apple: "Handling notification responses from APNs". */
function outcomeOf(answer: PushAnswer, device: Device): Outcome {
  if (answer.type === "unreachable") return { type: "retry", reason: answer.reason };
  const { status, reason = "" } = answer;
  const text = `Apple's push service answered ${status} ${reason}`.trim();
  if (status === 200 || status === 410 || isGone(answer, device)) return { type: "done" };
  if (status === 403 || (status === 400 && OUR_FAULT.includes(reason))) {
    return { type: "blocked", scope: "channel", reason: `${text}. Look at the certificate with: passhook doctor` };
  }
  if (status === 429) return { type: "retry", reason: text, notBeforeMs: answer.retryAfterMs ?? PUSH_WINDOW_MS };
  if (status >= 500) return { type: "retry", reason: text, notBeforeMs: answer.retryAfterMs ?? SERVER_TROUBLE_MS };
  return { type: "bury", reason: text };
}

/** A token that Apple does not know, or no longer; what a phone told after Apple's `timestamp` is newer than that. */
function isGone(answer: PushAnswer, device: Device): boolean {
  if (answer.type !== "answered") return false;
  if (answer.status === 400 && answer.reason === "BadDeviceToken") return true;
  return answer.status === 410 && (answer.timestamp === undefined || device.refreshedAt <= answer.timestamp);
}

const resultOf = (answer: PushAnswer): string =>
  answer.type === "unreachable" ? "unreachable" : `${answer.status}${answer.reason ? ` ${answer.reason}` : ""}`;
