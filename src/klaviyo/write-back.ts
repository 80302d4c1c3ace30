import { findAccount } from "../accounts/account-store.ts";
import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { JobHandler, LeasedJob, Outcome } from "../outbox/job.ts";
import { findPass, findPassEvent, noteWriteBack } from "../passes/pass-store.ts";
import { passUrl } from "../passes/pass-url.ts";
import { findRecipient, learnKlaviyoId } from "../passes/recipient-store.ts";
import { isObject, type Json } from "../templates/placeholders.ts";
import type { Templates } from "../templates/templates.ts";
import { errorsOf, type KlaviyoAnswer, type KlaviyoClient, type KlaviyoRequest, klaviyoErrorText } from "./client.ts";
import type { Connection, ConnectionStore } from "./connection-store.ts";
import { EVENT_JOB, PROFILE_JOB } from "./jobs.ts";
import { eventRequest, type ProfileTarget, profileRequest, profileTargets, type WriteBackSubject } from "./requests.ts";

export interface WriteBackDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly client: KlaviyoClient;
  readonly connections: ConnectionStore;
  readonly templates: Templates;
  readonly publicUrl: string;
}

/** What is tried when Klaviyo does not tell how long to wait: the length of its longer window. */
const DEFAULT_RETRY_AFTER_MS = 60_000;
const MIN_RETRY_AFTER_MS = 1_000;

/** The handlers of the Klaviyo jobs: they send what is true when they run. */
export function createWriteBacks(deps: WriteBackDependencies): Record<string, JobHandler> {
  const { db, clock, client, connections, templates, publicUrl } = deps;

  async function load({ accountId, payload }: LeasedJob): Promise<WriteBackSubject | undefined> {
    const pass = await findPass(db.read, String(payload["serial"]));
    if (!pass) return undefined;
    const [recipient, account, template] = await Promise.all([
      findRecipient(db.read, pass.recipientId),
      findAccount(db.read, accountId),
      templates.ofPass(pass),
    ]);
    if (!recipient || !account) return undefined;
    const rule = pass.externalIdRule === "account" ? account.externalIdPolicy : pass.externalIdRule;
    // An external id that is known to be the shop's own is never overwritten, whatever the rule for unknown ones.
    const setsExternalId = rule === "set" && recipient.externalId === null;
    return { pass, recipient, template, url: passUrl(publicUrl, pass.serial), setsExternalId };
  }

  /** Sends for a live connection; for a sandbox, answers what Klaviyo would and has the request recorded. */
  async function deliver(
    connection: Connection,
    job: LeasedJob,
    request: KlaviyoRequest,
    signal: AbortSignal,
  ): Promise<{ answer: KlaviyoAnswer; record: (tx: Transaction) => Promise<void> }> {
    if (connection.mode === "live") {
      return { answer: await client(connection.apiKey, request, signal), record: async () => {} };
    }
    return {
      answer: { type: "answered", status: 202, body: null, retryAfterMs: undefined },
      record: ({ query }) => connections.recordSandboxRequest(query, job.accountId, request, clock.now()),
    };
  }

  async function writeProfile(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const subject = await load(job);
    if (!subject) return { type: "done" };
    const { pass, recipient } = subject;
    const connection = await connections.open(job.accountId);
    const notes: string[] = [];
    const targets = profileTargets(recipient);
    let target = targets.shift();
    let withExternalId = subject.setsExternalId;
    while (target) {
      const request = profileRequest(subject, target, withExternalId);
      const { answer, record } = await deliver(connection, job, request, signal);
      if (isSuccess(answer)) {
        const klaviyoId = profileIdOf(answer.body);
        if (connection.mode === "live" && !klaviyoId) {
          return { type: "retry", reason: `Klaviyo answered ${answer.status} without a profile.` };
        }
        return {
          type: "done",
          async record(tx) {
            await record(tx);
            if (klaviyoId) await learnKlaviyoId(tx.query, recipient, klaviyoId);
            if (connection.mode === "live") await noteWriteBack(tx.query, pass.serial, clock.now(), notes);
          },
        };
      }
      const next = recover(answer, target, targets, withExternalId);
      if (!next) return failureOf(answer);
      if (next.note) notes.push(next.note);
      ({ target, withExternalId } = next);
    }
    return { type: "bury", reason: ["No identifier is left to find the profile by.", ...notes].join(" ") };
  }

  async function sendEvent(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const subject = await load(job);
    const event = await findPassEvent(db.read, Number(job.payload["eventId"]));
    if (!subject || !event) return { type: "done" };
    const connection = await connections.open(job.accountId);
    let outcome: Outcome = { type: "done" };
    for (const target of profileTargets(subject.recipient)) {
      const { answer, record } = await deliver(connection, job, eventRequest(subject, event, target), signal);
      // The profile may have been merged into another since it was written.
      const isGone = target.by === "id" && answer.type === "answered" && answer.status === 404;
      if (isSuccess(answer)) return { type: "done", record };
      outcome = failureOf(answer);
      if (!isGone) break;
    }
    return outcome;
  }

  return { [PROFILE_JOB]: writeProfile, [EVENT_JOB]: sendEvent };
}

interface NextTry {
  readonly target: ProfileTarget | undefined;
  readonly withExternalId: boolean;
  readonly note?: string;
}

/** Another way to write the same profile, where the answer shows one; each way is tried once. */
function recover(
  answer: KlaviyoAnswer,
  target: ProfileTarget,
  others: ProfileTarget[],
  withExternalId: boolean,
): NextTry | undefined {
  if (answer.type !== "answered") return undefined;
  if (answer.status === 409) {
    // The serial belongs to another profile already: this one is told everything but its external_id.
    if (target.by === "id") {
      if (!withExternalId) return undefined;
      return { target, withExternalId: false, note: "external_id was not set: Klaviyo has it on another profile." };
    }
    const id = duplicateProfileId(answer.body);
    return id === undefined
      ? undefined
      : {
          target: { by: "id", id },
          withExternalId: false,
          note: `Klaviyo knows the ${target.by} on another profile, which was written to.`,
        };
  }
  if (answer.status === 404 && target.by === "id") {
    // The profile was merged into another or deleted: the identifiers lead to what it became.
    return { target: others.shift(), withExternalId, note: `Klaviyo no longer has the profile ${target.id}.` };
  }
  if (
    answer.status === 400 &&
    target.by !== "id" &&
    errorsOf(answer.body).some((error) => pointsAt(error, target.by))
  ) {
    return {
      target: others.shift(),
      withExternalId,
      note: `Klaviyo does not accept the ${target.by}; it was left out.`,
    };
  }
  return undefined;
}

/** Every answer but success, as what becomes of the job. */
function failureOf(answer: KlaviyoAnswer): Outcome {
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

const isSuccess = (answer: KlaviyoAnswer): answer is Extract<KlaviyoAnswer, { type: "answered" }> =>
  answer.type === "answered" && answer.status >= 200 && answer.status < 300;

function profileIdOf(body: Json): string | undefined {
  const data = isObject(body) ? body["data"] : undefined;
  return isObject(data) && typeof data["id"] === "string" ? data["id"] : undefined;
}

function duplicateProfileId(body: Json): string | undefined {
  for (const { meta } of errorsOf(body)) {
    if (isObject(meta) && typeof meta["duplicate_profile_id"] === "string") return meta["duplicate_profile_id"];
  }
  return undefined;
}

const pointsAt = (error: { readonly [key: string]: Json }, attribute: string): boolean =>
  isObject(error["source"]) && String(error["source"]["pointer"]).endsWith(`/attributes/${attribute}`);
