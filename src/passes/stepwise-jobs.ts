import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import type { JobHandler } from "../outbox/job.ts";
import type { OutboxStore } from "../outbox/outbox-store.ts";
import { createDeletion } from "../templates/deletion.ts";
import { createRollout, type RolloutDependencies } from "../templates/rollout.ts";
import type { Templates } from "../templates/templates.ts";
import type { Changes } from "./changes.ts";
import { listPassesOfTemplate } from "./pass-store.ts";
import { createRecipientChanges } from "./recipient-changes.ts";
import type { Updater } from "./update.ts";
import { findWholePass } from "./whole-pass.ts";

export interface StepwiseDependencies extends Pick<RolloutDependencies, "heldSerials"> {
  readonly db: Database;
  readonly clock: Clock;
  readonly outbox: OutboxStore;
  readonly templates: Templates;
  readonly changes: Changes;
  readonly updater: Updater;
}

/** Jobs that go through many passes, some at a time: what a template, or a person, has become. */
export function createStepwiseJobs(deps: StepwiseDependencies): Record<string, JobHandler> {
  const { db, clock, outbox, templates, changes, updater, heldSerials } = deps;
  const restyleAs =
    (urgency: "single" | "bulk") => async (tx: Transaction, accountId: string, serials: readonly string[]) => {
      const wholes = await Promise.all(serials.map((serial) => findWholePass(tx.query, templates, serial)));
      const found = wholes.filter((whole) => whole !== undefined);
      await changes.restyle(tx, accountId, found, urgency);
    };
  return {
    ...createRollout({ clock, outbox, heldSerials, restyle: restyleAs("bulk") }),
    ...createDeletion({
      clock,
      outbox,
      serialsOf: async (template, after, limit) =>
        (await listPassesOfTemplate(db.read, template, after, limit)).map(({ serial }) => serial),
      removePasses: updater.removeAll,
    }),
    ...createRecipientChanges({ db, clock, outbox, restyle: restyleAs("single") }),
  };
}
