import type { Clock } from "../clock.ts";
import type { JobHandler, LeasedJob, NewJob, Outcome } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import type { ErasedPeople } from "../passes/erase/erase.ts";
import { noteKlaviyo } from "../passes/erase/erasure-store.ts";
import { erasureKeyOf, SETTLED_MS } from "../passes/erase/second-look.ts";
import type { IdentifierKind } from "../passes/recipient.ts";
import type { Vault } from "../secrets.ts";
import type { KlaviyoRequest } from "./client.ts";
import type { ConnectionStore } from "./connection-store.ts";
import type { Deliver } from "./delivery.ts";
import { CHANNEL } from "./jobs.ts";
import { failureOf, isSuccess } from "./outcome.ts";

const ERASURE_JOB = "klaviyo.erasure";

type People = ErasedPeople["people"];

export interface ErasureDependencies {
  readonly clock: Clock;
  readonly vault: Vault;
  readonly deliver: Deliver;
  readonly connections: ConnectionStore;
  readonly outbox: OutboxStore;
}

/** Asks Klaviyo to forget people, one in each request. Who they are is encrypted in the job, and gone with it. */
export function createKlaviyoErasures({ clock, vault, deliver, connections, outbox }: ErasureDependencies) {
  const contextOf = (erasureId: string) => `${ERASURE_JOB} ${erasureId}`;

  function jobFor({ accountId, erasureId, people }: Omit<ErasedPeople, "serials">, runAt: number): NewJob {
    return {
      accountId,
      kind: ERASURE_JOB,
      channel: CHANNEL,
      orderingKey: erasureKeyOf(erasureId),
      nature: "event",
      idempotencyKey: `${ERASURE_JOB}:${erasureId}:${people.length}`,
      payload: { erasureId, people: vault.encrypt(JSON.stringify(people), contextOf(erasureId)) },
      runAt,
    };
  }

  async function ask(job: LeasedJob, signal: AbortSignal): Promise<Outcome> {
    const { accountId, payload } = job;
    const erasureId = String(payload["erasureId"]);
    // Nobody else could have encrypted it.
    const people = JSON.parse(vault.decrypt(String(payload["people"]), contextOf(erasureId))) as People;
    const [person, ...others] = people;
    if (!person) return { type: "done" };
    const connection = await connections.open(accountId);
    const isSandbox = connection.mode === "sandbox";
    const request = deletionRequest(person.kind, isSandbox ? "(erased)" : person.value);
    const { answer, record } = await deliver({ accountId, connection, family: "deletion", request, signal });
    const isUnknown = answer.type === "answered" && answer.status === 404;
    if (answer.type === "answered" && answer.status === 403) {
      return {
        type: "blocked",
        scope: "kind",
        reason:
          "Klaviyo does not let this key ask for the deletion of a person: it lacks the scope data-privacy:write. Make a key that has it, and: passhook klaviyo connect",
      };
    }
    if (!isSuccess(answer) && !isUnknown) return failureOf(answer, "deletion");
    return {
      type: "done",
      async record(tx) {
        await record(tx);
        const now = clock.now();
        if (others.length > 0) await outbox.enqueue(tx, [jobFor({ accountId, erasureId, people: others }, now)], now);
        else await noteKlaviyo(tx.query, erasureId, isSandbox ? "recorded" : "requested", now);
      },
    };
  }

  return {
    handlers: { [ERASURE_JOB]: ask } satisfies Record<string, JobHandler>,

    /** The job that asks for all of them: not at once, since a write-back on its way would bring the profile back. */
    jobsFor: (erased: Omit<ErasedPeople, "serials">): NewJob[] =>
      erased.people.length === 0 ? [] : [jobFor(erased, clock.now() + SETTLED_MS)],
  };
}

/** `POST /api/data-privacy-deletion-jobs`: exactly one of id, email and phone number. */
function deletionRequest(kind: IdentifierKind, value: string): KlaviyoRequest {
  const profile =
    kind === "klaviyoId"
      ? { type: "profile", id: value, attributes: {} }
      : { type: "profile", attributes: { [kind === "phone" ? "phone_number" : "email"]: value } };
  return {
    method: "POST",
    path: "/api/data-privacy-deletion-jobs",
    body: { data: { type: "data-privacy-deletion-job", attributes: { profile: { data: profile } } } },
  };
}
