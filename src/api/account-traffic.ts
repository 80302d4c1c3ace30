import type { Clock } from "../clock.ts";
import { boundOf, boundWithin } from "../metrics.ts";
import type { Issuer } from "../passes/issue.ts";
import type { RejectedStore } from "../passes/rejected-store.ts";
import type { Updater } from "../passes/update.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import { isRefused } from "./answer-call.ts";
import { PASS_CALLS, routeOf } from "./pass-calls.ts";

/** `unavailable`: asked to come again. */
const OUTCOMES = ["created", "updated", "unchanged", "refused", "unavailable"] as const;
type WebhookOutcome = (typeof OUTCOMES)[number];
export type WebhookCounts = Readonly<Record<WebhookOutcome, number>>;

/** What an account's webhooks came to in the last 24 hours, or since the server started. */
export interface AccountTraffic {
  readonly startedAt: number;
  /** Of 24 hours; the last one ends now. */
  readonly hours: readonly { readonly from: number; readonly webhooks: WebhookCounts }[];
  readonly webhooks: WebhookCounts;
  /** Changes that Klaviyo was told of. */
  readonly told: number;
  /** Within how many seconds it was told of half, and of 95 in 100; nothing where it took longer than a week. */
  readonly toldWithin: { readonly half: number | undefined; readonly most: number | undefined };
}

export type TrafficByAccount = ReturnType<typeof createAccountTraffic>;

export interface AccountTrafficDependencies {
  readonly clock: Clock;
  readonly statusOfError: (error: unknown) => number;
}

interface Slot {
  readonly number: number;
  readonly webhooks: Record<WebhookOutcome, number>;
  /** By bound; the last is for what is above every bound. */
  readonly told: number[];
}

const SLOT_MS = 10 * 60_000;
const HOUR_MS = 60 * 60_000;
const SLOTS_PER_HOUR = HOUR_MS / SLOT_MS;
const HOURS = 24;
const KEPT_SLOTS = HOURS * SLOTS_PER_HOUR;
const SECONDS = [1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800];
const WEBHOOK_ROUTES: ReadonlySet<string> = new Set(PASS_CALLS.map(routeOf));

/**
 * Counts for each account what came of its webhooks and how soon Klaviyo knew: in memory, for 24 hours, from outside of
 * what it counts. A call whose key is wrong is nobody's.
 */
export function createAccountTraffic({ clock, statusOfError }: AccountTrafficDependencies) {
  const startedAt = clock.now();
  const accounts = new Map<string, Slot[]>();
  const slotNumber = () => Math.floor(clock.now() / SLOT_MS);

  const recent = (accountId: string): Slot[] => {
    const oldest = slotNumber() - KEPT_SLOTS + 1;
    return (accounts.get(accountId) ?? []).filter(({ number }) => number >= oldest);
  };

  function present(accountId: string): Slot {
    const number = slotNumber();
    const last = accounts.get(accountId)?.at(-1);
    if (last?.number === number) return last;
    const slot = { number, webhooks: noWebhooks(), told: new Array<number>(SECONDS.length + 1).fill(0) };
    accounts.set(accountId, [...recent(accountId), slot]);
    return slot;
  }

  const count = (accountId: string, outcome: WebhookOutcome): void => void present(accountId).webhooks[outcome]++;

  /** What is refused is counted where it is kept; where that cannot be done now, it is asked to come again. */
  async function watch<T>(accountId: string, work: Promise<T>, outcomeOf: (result: T) => WebhookOutcome): Promise<T> {
    try {
      const result = await work;
      count(accountId, outcomeOf(result));
      return result;
    } catch (error) {
      if (!isRefused(error, statusOfError(error))) count(accountId, "unavailable");
      throw error;
    }
  }

  const watchChange = (accountId: string, change: () => Promise<WholePass>): Promise<WholePass> => {
    const askedAt = clock.now();
    return watch(accountId, change(), ({ pass }) => (pass.updatedAt >= askedAt ? "updated" : "unchanged"));
  };

  return {
    /** The parts that webhooks are worked off by, observed. */
    watching<Parts extends { issuer: Issuer; updater: Updater; rejected: RejectedStore }>(parts: Parts) {
      const { issuer, updater, rejected } = parts;
      return {
        ...parts,
        issuer: {
          ...issuer,
          issue: (request) => watch(request.accountId, issuer.issue(request), ({ outcome }) => outcome),
        } satisfies Issuer,
        updater: {
          ...updater,
          update: (pass, change) => watchChange(pass.accountId, () => updater.update(pass, change)),
          setVoided: (pass, voided) => watchChange(pass.accountId, () => updater.setVoided(pass, voided)),
          setExpired: (pass, expired) => watchChange(pass.accountId, () => updater.setExpired(pass, expired)),
          remove: (pass) => watchChange(pass.accountId, () => updater.remove(pass)),
        } satisfies Updater,
        rejected: {
          ...rejected,
          keep(refusal) {
            const kept = rejected.keep(refusal);
            const { accountId, route } = refusal;
            return accountId !== null && WEBHOOK_ROUTES.has(route) ? watch(accountId, kept, () => "refused") : kept;
          },
        } satisfies RejectedStore,
      };
    },

    /** Klaviyo knows of a change that was promised to it at that time. */
    profileWritten(accountId: string, promisedAt: number): void {
      const { told } = present(accountId);
      const at = boundOf(SECONDS, (clock.now() - promisedAt) / 1_000);
      told[at] = (told[at] ?? 0) + 1;
    },

    of(accountId: string): AccountTraffic {
      const slots = recent(accountId);
      const first = slotNumber() - KEPT_SLOTS + 1;
      const told = SECONDS.concat(0).map((_, i) => slots.reduce((sum, slot) => sum + (slot.told[i] ?? 0), 0));
      return {
        startedAt,
        hours: Array.from({ length: HOURS }, (_, i) => {
          const from = first + i * SLOTS_PER_HOUR;
          const within = slots.filter(({ number }) => number >= from && number < from + SLOTS_PER_HOUR);
          return { from: from * SLOT_MS, webhooks: sumOf(within) };
        }),
        webhooks: sumOf(slots),
        told: told.reduce((sum, n) => sum + n, 0),
        toldWithin: { half: boundWithin(SECONDS, told, 0.5), most: boundWithin(SECONDS, told, 0.95) },
      };
    },
  };
}

const noWebhooks = () => ({ created: 0, updated: 0, unchanged: 0, refused: 0, unavailable: 0 });

function sumOf(slots: readonly Slot[]): WebhookCounts {
  const sum = noWebhooks();
  for (const { webhooks } of slots) for (const outcome of OUTCOMES) sum[outcome] += webhooks[outcome];
  return sum;
}
