import type { Clock } from "../clock.ts";
import type { Database, Queries } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId, newId } from "../ids.ts";
import type { Log } from "../log.ts";
import { emptyLane, removeLane, resumeLane } from "../outbox/lanes.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { createWorker, type Worker } from "../outbox/worker.ts";
import type { StoredSecret, Vault } from "../secrets.ts";
import type { Templates } from "../templates/templates.ts";
import { checkWebhook, type WebhookInput } from "./check-webhook.ts";
import { pingCloudEvent } from "./cloud-event.ts";
import { createDelivery, isTaken } from "./delivery.ts";
import { createDeliveryHandler } from "./delivery-handler.ts";
import { DELIVERY_JOB, deliveryJobs, laneOf } from "./jobs.ts";
import { createReceiverHealth, HEALTHY } from "./receiver-health.ts";
import { forgetOldResults, insertResult, listResults } from "./result-store.ts";
import { createSender, type SenderOptions } from "./sender.ts";
import { newBearerToken, newSigningSecret } from "./signature.ts";
import type { Webhook, WebhookResult } from "./webhook.ts";
import {
  allWebhookSecrets,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  type Listed,
  type ListPart,
  listWebhooks,
  type StoredWebhook,
  secretContexts,
  updateWebhook,
} from "./webhook-store.ts";

export type Webhooks = ReturnType<typeof createWebhooks>;

const PLACES = 32;
/** One receiver that takes its time holds up no other. */
const PLACES_PER_RECEIVER = 4;

export interface WebhookDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Vault;
  readonly outbox: OutboxStore;
  readonly templates: Templates;
  readonly publicUrl: string;
  readonly network: SenderOptions;
}

/** A new webhook with its secrets, which are in no other answer. */
export interface NewWebhook {
  readonly webhook: Webhook;
  readonly bearerToken: string;
  readonly signingSecret: string;
}

/** Outgoing webhooks: who wants to be told, the telling, and what came of it. */
export function createWebhooks(deps: WebhookDependencies) {
  const { db, clock, log, vault, outbox, templates, publicUrl, network } = deps;
  const { allowance } = network;
  const deliver = createDelivery({ clock, vault, send: createSender(network) });
  const health = createReceiverHealth({ clock, log });
  const worker: Worker = createWorker({
    ...{ store: outbox, clock, log, concurrency: PLACES, placesPerLane: PLACES_PER_RECEIVER },
    handlers: { [DELIVERY_JOB]: createDeliveryHandler({ db, clock, templates, publicUrl, deliver, health }) },
  });

  async function own(query: Queries, accountId: string, id: string): Promise<StoredWebhook> {
    const webhook = await findWebhook(query, accountId, id);
    if (webhook) return webhook;
    throw new AppError("not_found", `There is no webhook ${JSON.stringify(id)}.`);
  }

  return {
    /** Throws `invalid` with every problem, `not_found` for a template that the account does not have. */
    async create(accountId: string, input: WebhookInput & { readonly templateId?: string }): Promise<NewWebhook> {
      const checked = checkWebhook(input, allowance);
      const template = input.templateId === undefined ? null : await templates.current(accountId, input.templateId);
      const [id, now] = [newId("whk"), clock.now()];
      const [bearerToken, signingSecret] = [newBearerToken(), newSigningSecret()];
      const contexts = secretContexts(id);
      const webhook: Webhook = {
        ...{ id, accountId, ...checked, authMethod: "bearer_token", templateId: template?.id ?? null },
        ...{ active: true, inactiveReason: null, ...HEALTHY, createdAt: now, updatedAt: now },
      };
      await db.transaction(({ query }) =>
        insertWebhook(query, {
          ...webhook,
          bearerTokenEncrypted: vault.encrypt(bearerToken, contexts.token),
          signingSecretEncrypted: vault.encrypt(signingSecret, contexts.secret),
        }),
      );
      return { webhook, bearerToken, signingSecret };
    },

    /** In the order in which they were made; those of one template where it is given. */
    list: (accountId: string, templateId: string | undefined, part: ListPart): Promise<Listed<Webhook>> =>
      listWebhooks(db.read, { accountId, templateId: templateId && canonicalTemplateId(templateId) }, part),

    /** Throws `not_found`, also for another account's. */
    get: (accountId: string, id: string): Promise<Webhook> => own(db.read, accountId, id),

    /**
     * Changes what is given. Switching it on, or giving it another URL, begins afresh; switching it off drops what waits.
     * Throws `not_found` and `invalid`.
     */
    update(
      accountId: string,
      id: string,
      { active, ...changes }: Partial<WebhookInput> & { readonly active?: boolean },
    ): Promise<Webhook> {
      return db.transaction(async ({ query }) => {
        const before = await own(query, accountId, id);
        const checked = Object.keys(changes).length > 0 ? checkWebhook({ ...before, ...changes }, allowance) : {};
        const edited = { ...before, ...checked, active: active ?? before.active, updatedAt: clock.now() };
        const isFresh = active !== undefined || edited.url !== before.url;
        const after = isFresh ? { ...edited, ...HEALTHY, inactiveReason: null } : edited;
        await updateWebhook(query, after);
        if (!after.active) await emptyLane(query, laneOf(after));
        else if (isFresh) await resumeLane(query, laneOf(after), clock.now());
        return after;
      });
    },

    /** Its results and all of its jobs go with it. Throws `not_found`. */
    async remove(accountId: string, id: string): Promise<void> {
      await db.transaction(async ({ query }) => {
        await own(query, accountId, id);
        await deleteWebhook(query, accountId, id);
        await removeLane(query, laneOf({ accountId, id }));
      });
    },

    /** The newest first. Throws `not_found`. */
    async results(accountId: string, id: string, part: ListPart): Promise<Listed<WebhookResult>> {
      await own(db.read, accountId, id);
      return listResults(db.read, id, part);
    },

    /**
     * Sends a ping now, also where the webhook is paused or switched off, and answers what came of it within ten seconds.
     * One that is taken ends a pause. Throws `not_found`.
     */
    async test(accountId: string, id: string): Promise<WebhookResult> {
      const webhook = await own(db.read, accountId, id);
      const { answer, result } = await deliver(
        webhook,
        pingCloudEvent(webhook, newId("ping"), clock.now(), publicUrl),
        1,
      );
      return db.transaction(async (tx) => {
        const present = await own(tx.query, accountId, id);
        if (isTaken(answer)) await health.recovered(tx, present);
        return insertResult(tx.query, result);
      });
    },

    worker,

    /** What must follow from a change of a pass. */
    effectsOf: deliveryJobs,

    /** Removes results that nobody will look at any more. */
    forgetOldResults: (): Promise<void> => db.transaction(({ query }) => forgetOldResults(query, clock.now())),

    storedSecrets: (): Promise<StoredSecret[]> => allWebhookSecrets(db.read),
  };
}
