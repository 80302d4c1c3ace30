import type { Log } from "../log.ts";
import { nextTurn } from "../next-turn.ts";
import type { LeasedJob, Outcome, TogetherHandler } from "../outbox/job.ts";
import { findPassEvent } from "../passes/pass-store.ts";
import type { JsonObject } from "../templates/placeholders.ts";
import { klaviyoErrorText } from "./client.ts";
import type { Connection } from "./connection-store.ts";
import type { DeliveryAnswer } from "./delivery.ts";
import type { Gates } from "./gates.ts";
import { EVENT_JOB, PROFILE_JOB, RECORD_JOB } from "./jobs.ts";
import { type LimitFamily, MAX_BULK_BYTES, MAX_BULK_RECORD_BYTES } from "./limits.ts";
import { failureOf, isSuccess } from "./outcome.ts";
import type { ProfileImports } from "./profile-import.ts";
import type { ProfileWritten } from "./profile-written.ts";
import { bulkEvent, eventsRequest, profileResource, profileTargets, recordsRequest } from "./requests.ts";
import { SCOPE_OF } from "./scopes.ts";
import type { Subjects, WriteBackSubject } from "./subject.ts";
import type { WriteBackDependencies } from "./write-back.ts";

export interface TogetherDependencies
  extends Pick<WriteBackDependencies, "recordOf" | "recordSent" | "clock" | "db" | "deliver" | "connections"> {
  readonly log: Log;
  readonly gates: Gates;
  readonly subjects: Subjects;
  readonly imports: ProfileImports;
  readonly profileWritten: ProfileWritten;
}

type Outcomes = Map<number, Outcome>;

interface Loaded {
  readonly job: LeasedJob;
  readonly subject: WriteBackSubject;
}

/** One piece of a request, for the jobs that it does. */
interface Piece {
  readonly jobs: readonly Loaded[];
  readonly resource: JsonObject;
}

/** Reading this many passes takes about a millisecond; then others get their turn. */
const LOADED_PER_TURN = 25;
/** An import that may still be under way is through by then: it would overwrite what is written before. */
const UNDER_WAY_MS = 30_000;
/** A key without the scope of a bulk operation may get it, or be replaced. */
const NOT_ALLOWED_MS = 15 * 60_000;

const DONE: Outcome = { type: "done" };
const retry = (reason: string) => ({ type: "retry", reason }) as const satisfies Outcome;

/** The handlers of a backlog of Klaviyo jobs: one request for many. What is refused or unclear is then done singly. */
export function createTogetherWriteBacks(deps: TogetherDependencies): Record<string, TogetherHandler> {
  const { db, clock, log, deliver, gates, connections, subjects, imports, profileWritten, recordOf, recordSent } = deps;

  /** What is still there of the jobs' passes; jobs of passes that are gone are done. */
  async function load(jobs: readonly LeasedJob[], outcomes: Outcomes): Promise<Loaded[]> {
    const loaded: Loaded[] = [];
    for (const [i, job] of jobs.entries()) {
      const subject = await subjects.load(db.read, job.accountId, String(job.payload["serial"]));
      if (subject) loaded.push({ job, subject });
      else outcomes.set(job.id, DONE);
      if (i % LOADED_PER_TURN === LOADED_PER_TURN - 1) await nextTurn();
    }
    return loaded;
  }

  /** The pieces that fit into one request; the jobs of the others wait for the next. */
  function fitting(pieces: readonly Piece[], maxBytes: number, outcomes: Outcomes): Piece[] {
    let bytes = 0;
    return pieces.filter(({ jobs, resource }) => {
      bytes += Buffer.byteLength(JSON.stringify(resource)) + 1;
      if (bytes <= maxBytes) return true;
      giveAll([{ jobs, resource }], { type: "later", reason: "The request was full.", runAt: clock.now() }, outcomes);
      return false;
    });
  }

  /**
   * What a request that failed as a whole means for its jobs. Only an answer that says that nothing was done leaves them
   * as they were; after any other each is done singly, since Klaviyo may have done some. `asked` is what was refused,
   * where that is not the bulk operation itself.
   */
  function failedTogether(answer: DeliveryAnswer, accountId: string, family: LimitFamily, asked = family): Outcome {
    if (answer.type === "answered" && answer.status === 403) {
      const reason = `The Klaviyo key may not use a bulk operation, probably for want of the scope ${SCOPE_OF[asked]}: a backlog goes one by one, slowly.`;
      log.warn(`${reason} Its scopes: passhook klaviyo status`, { account: accountId, family });
      gates.close(accountId, family, clock.now() + NOT_ALLOWED_MS);
      const runAt = clock.now() + (asked === family ? 0 : UNDER_WAY_MS);
      return { type: "later", reason: `${klaviyoErrorText(answer)}. ${reason}`, runAt };
    }
    const outcome = failureOf(answer, family);
    return outcome.type === "bury" ? retry(outcome.reason) : outcome;
  }

  async function importProfiles(jobs: readonly LeasedJob[], signal: AbortSignal): Promise<Outcomes> {
    const outcomes: Outcomes = new Map();
    const accountId = accountOf(jobs);
    const connection = await connections.open(accountId);
    // A person's passes share the profile: two entries for it in one import would leave open which one counts.
    const people = Map.groupBy(await load(jobs, outcomes), ({ subject }) => subject.recipient.id);
    const pieces: Piece[] = [];
    for (const group of people.values()) {
      const subjectsOfOne = group.map(({ subject }) => subject);
      const last = subjectsOfOne.findLast(({ setsExternalId }) => setsExternalId);
      const [target] = subjectsOfOne.flatMap(({ recipient }) => profileTargets(recipient));
      if (!target) giveAll([{ jobs: group, resource: {} }], DONE, outcomes);
      else
        pieces.push({
          jobs: group,
          resource: profileResource(subjectsOfOne, target, last?.shown.serial, subjects.urlOf),
        });
    }
    const sent = fitting(pieces, MAX_BULK_BYTES, outcomes);
    const result = await imports.run(
      accountId,
      connection,
      sent.map(({ resource }) => resource),
      signal,
    );
    switch (result.type) {
      case "failed":
        giveAll(sent, failedTogether(result.answer, accountId, "profileImport", result.asked), outcomes);
        break;
      case "unclear":
        giveAll(sent, { ...retry(result.reason), notBeforeMs: UNDER_WAY_MS }, outcomes);
        break;
      case "imported":
        for (const [i, piece] of sent.entries()) {
          const error = result.errors.get(i);
          for (const { job, subject } of piece.jobs) {
            const record = (tx: Parameters<ProfileWritten>[0]) => profileWritten(tx, job, subject, { notes: [] });
            outcomes.set(job.id, error === undefined ? { type: "done", record } : retry(error));
          }
        }
        break;
      default:
        result satisfies never;
    }
    return outcomes;
  }

  async function sendEvents(jobs: readonly LeasedJob[], signal: AbortSignal): Promise<Outcomes> {
    const outcomes: Outcomes = new Map();
    const accountId = accountOf(jobs);
    const connection = await connections.open(accountId);
    const pieces: Piece[] = [];
    for (const { job, subject } of await load(jobs, outcomes)) {
      const event = await findPassEvent(db.read, Number(job.payload["eventId"]));
      const [target] = profileTargets(subject.recipient);
      if (!event || !target) outcomes.set(job.id, DONE);
      else pieces.push({ jobs: [{ job, subject }], resource: bulkEvent(subject, event, target) });
    }
    const sent = fitting(pieces, MAX_BULK_BYTES, outcomes);
    const answer = await send(
      accountId,
      connection,
      "eventBulk",
      eventsRequest(sent.map(({ resource }) => resource)),
      signal,
    );
    giveAll(sent, isSuccess(answer) ? DONE : failedTogether(answer, accountId, "eventBulk"), outcomes);
    return outcomes;
  }

  async function writeRecords(jobs: readonly LeasedJob[], signal: AbortSignal): Promise<Outcomes> {
    const outcomes: Outcomes = new Map();
    const accountId = accountOf(jobs);
    const connection = await connections.open(accountId);
    const dataSourceId = connection.mode === "live" ? connection.dataSourceId : null;
    const loaded = await load(jobs, outcomes);
    if (dataSourceId === null) {
      giveAll([{ jobs: loaded, resource: {} }], DONE, outcomes);
      return outcomes;
    }
    const pieces: (Piece & { readonly notes: readonly string[] })[] = [];
    for (const one of loaded) {
      const { record, notes } = await recordOf(one.subject);
      pieces.push({ jobs: [one], resource: record, notes });
    }
    const sent = new Set(fitting(pieces, MAX_BULK_RECORD_BYTES, outcomes));
    const request = recordsRequest(
      dataSourceId,
      [...sent].map(({ resource }) => resource),
    );
    const answer = await send(accountId, connection, "recordBulk", request, signal);
    if (!isSuccess(answer)) {
      giveAll([...sent], failedTogether(answer, accountId, "recordBulk"), outcomes);
      return outcomes;
    }
    for (const { jobs: ofPiece, notes } of pieces.filter((piece) => sent.has(piece))) {
      for (const { job, subject } of ofPiece) {
        outcomes.set(job.id, { type: "done", record: (tx) => recordSent(tx, subject, notes) });
      }
    }
    return outcomes;
  }

  async function send(
    accountId: string,
    connection: Connection,
    family: LimitFamily,
    request: ReturnType<typeof eventsRequest>,
    signal: AbortSignal,
  ): Promise<DeliveryAnswer> {
    return (await deliver({ accountId, connection, family, request, signal })).answer;
  }

  return { [PROFILE_JOB]: importProfiles, [EVENT_JOB]: sendEvents, [RECORD_JOB]: writeRecords };
}

const accountOf = (jobs: readonly LeasedJob[]): string => jobs[0]?.accountId ?? "";

function giveAll(pieces: readonly Piece[], outcome: Outcome, outcomes: Outcomes): void {
  for (const { jobs } of pieces) for (const { job } of jobs) outcomes.set(job.id, outcome);
}
