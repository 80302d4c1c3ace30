import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { JobHandler, LeasedJob, Outcome } from "../outbox/job.ts";
import { findPassEvent } from "../passes/pass-store.ts";
import { isObject, type Json, type JsonObject } from "../templates/placeholders.ts";
import type { ConnectionStore } from "./connection-store.ts";
import type { Deliver } from "./delivery.ts";
import { EVENT_JOB, PROFILE_JOB, RECORD_JOB } from "./jobs.ts";
import { objectGone } from "./object-gone.ts";
import { failureOf, isSuccess } from "./outcome.ts";
import { recover } from "./profile-recovery.ts";
import type { ProfileWritten } from "./profile-written.ts";
import { eventRequest, profileRequest, profileResource, profileTargets, recordRequest } from "./requests.ts";
import type { Subjects, WriteBackSubject } from "./subject.ts";

/** A WalletPass record, and what was cut from it. */
export interface PassRecord {
  readonly record: JsonObject;
  readonly notes: readonly string[];
}

export interface WriteBackDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly deliver: Deliver;
  readonly connections: ConnectionStore;
  readonly subjects: Subjects;
  readonly profileWritten: ProfileWritten;
  readonly recordOf: (subject: WriteBackSubject) => Promise<PassRecord>;
  /** To be done with a record that was sent: 204 does not say that Klaviyo could use it. */
  readonly recordSent: (tx: Transaction, subject: WriteBackSubject, notes: readonly string[]) => Promise<void>;
}

/** Stands for a data source in the requests of a sandbox. */
const SANDBOX_DATA_SOURCE = "sandbox";

/** The handlers of the Klaviyo jobs, one request each: they send what is true when they run. */
export function createWriteBacks(deps: WriteBackDependencies): Record<string, JobHandler> {
  const { db, deliver, connections, subjects, profileWritten, recordOf, recordSent } = deps;

  const load = ({ accountId, payload }: LeasedJob): Promise<WriteBackSubject | undefined> =>
    subjects.load(db.read, accountId, String(payload["serial"]));

  async function writeProfile(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const subject = await load(job);
    if (!subject) return { type: "done" };
    const { accountId } = job;
    const connection = await connections.open(accountId);
    const notes: string[] = [];
    const targets = profileTargets(subject.recipient);
    let target = targets.shift();
    let withExternalId = subject.setsExternalId;
    while (target) {
      const externalId = withExternalId ? subject.shown.serial : undefined;
      const request = profileRequest(profileResource([subject], target, externalId, subjects.urlOf));
      const { answer, record } = await deliver({ accountId, connection, family: "profile", request, signal });
      if (isSuccess(answer)) {
        const klaviyoId = profileIdOf(answer.body);
        if (connection.mode === "live" && !klaviyoId) {
          return { type: "retry", reason: `Klaviyo answered ${answer.status} without a profile.` };
        }
        return {
          type: "done",
          async record(tx) {
            await record(tx);
            if (connection.mode === "live") await profileWritten(tx, job, subject, { notes, klaviyoId });
          },
        };
      }
      const next = recover(answer, target, targets, withExternalId);
      if (!next) return failureOf(answer, "profile");
      if (next.note) notes.push(next.note);
      ({ target, withExternalId } = next);
    }
    return { type: "bury", reason: ["No identifier is left to find the profile by.", ...notes].join(" ") };
  }

  async function sendEvent(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const { accountId, payload } = job;
    const subject = await load(job);
    const event = await findPassEvent(db.read, Number(payload["eventId"]));
    if (!subject || !event) return { type: "done" };
    const connection = await connections.open(accountId);
    let outcome: Outcome = { type: "bury", reason: "The recipient has no identifier that Klaviyo could know." };
    for (const target of profileTargets(subject.recipient)) {
      const request = eventRequest(subject, event, target, payload["backfill"] === 1);
      const { answer, record } = await deliver({ accountId, connection, family: "event", request, signal });
      // The profile may have been merged into another since it was written.
      const isGone = target.by === "id" && answer.type === "answered" && answer.status === 404;
      if (isSuccess(answer)) return { type: "done", record };
      outcome = failureOf(answer, "event");
      if (!isGone) break;
    }
    return outcome;
  }

  async function writeRecord(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const subject = await load(job);
    const { accountId } = job;
    const connection = await connections.open(accountId);
    const dataSourceId = connection.mode === "live" ? connection.dataSourceId : SANDBOX_DATA_SOURCE;
    if (!subject || dataSourceId === null) return { type: "done" };
    const { record: passRecord, notes } = await recordOf(subject);
    const request = recordRequest(dataSourceId, passRecord);
    const { answer, record } = await deliver({ accountId, connection, family: "record", request, signal });
    if (connection.mode === "live" && answer.type === "answered" && answer.status === 404) {
      return objectGone(connections, { accountId, klaviyoAccountId: connection.klaviyoAccountId }, "data source");
    }
    if (!isSuccess(answer)) return failureOf(answer, "record");
    return {
      type: "done",
      async record(tx) {
        await record(tx);
        if (connection.mode === "live") await recordSent(tx, subject, notes);
      },
    };
  }

  return { [PROFILE_JOB]: writeProfile, [EVENT_JOB]: sendEvent, [RECORD_JOB]: writeRecord };
}

function profileIdOf(body: Json): string | undefined {
  const data = isObject(body) ? body["data"] : undefined;
  return isObject(data) && typeof data["id"] === "string" ? data["id"] : undefined;
}
