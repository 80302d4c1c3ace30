import type { Clock } from "../clock.ts";
import type { KlaviyoAnswer } from "./client.ts";
import { LIMITS, type Limit, type LimitFamily, shareOf } from "./limits.ts";

export type Gates = ReturnType<typeof createGates>;

/** Requests that a window has room for now, and when it has room for the next one. */
interface WindowRoom {
  readonly now: number;
  /** Milliseconds since the epoch. */
  readonly nextAt: number;
}

/** Requests that may start now, and when the next one may. */
export interface Room extends WindowRoom {
  /** Klaviyo has stopped answering: a request that starts now finds out whether it answers again. */
  readonly isDown: boolean;
}

/** Told when an account's Klaviyo has not answered for about a minute, and when it does again. */
export type OnOutage = (accountId: string, state: "begun" | "over") => void;

/** How a family of operations of an account stands. */
export interface GateFacts {
  readonly family: LimitFamily;
  /** As Klaviyo itself says, or the published one. */
  readonly limit: Limit;
  /** Requests of ours within the last minute. */
  readonly lastMinute: number;
  /** Milliseconds since the epoch; null where it is open. */
  readonly closedUntil: number | null;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** As long as a job may wait for its turn while a worker holds it. */
const PATIENCE_MS = 5_000;
/** So many failures in a row are an outage, not an accident. */
const OUTAGE_AFTER = 5;
const LONGEST_PAUSE_MS = MINUTE_MS;
/** After so many pauses the next ones are the longest: by then it is worth telling. */
const TOLD_AFTER = 7;
/** How many times what is left of a minute would go in a minute: so about 70 % of it is used, and at most 96 %. */
const HASTE = 2.5;
/** A probe of which nothing was heard for this long is lost. */
const PROBE_MS = 30_000;

/** What one account has lately sent to one family of operations. */
interface FamilyGate {
  /** When requests started, within the last minute, oldest first. */
  readonly starts: number[];
  /** As Klaviyo itself says in `ratelimit-limit`; the published one until then. */
  limit: Limit;
  closedUntil: number;
}

interface AccountGate {
  readonly families: Map<LimitFamily, FamilyGate>;
  failures: number;
  /** How often in a row the gate was closed because Klaviyo is down; then one request at a time tries it again. */
  closures: number;
  closedUntil: number;
  probeSince: number | undefined;
  connectedAt: number | undefined;
}

/**
 * Keeps every account within its share of Klaviyo's limits, and quiet while Klaviyo is down. Klaviyo counts in fixed
 * windows whose beginnings are unknown, so this counts the last second and the last minute at any moment. What is known
 * here is lost with the process: then an answer of 429 tells it again.
 */
export function createGates(clock: Clock, onOutage: OnOutage = () => {}) {
  const accounts = new Map<string, AccountGate>();
  let latest = 0;

  function accountGate(accountId: string): AccountGate {
    const now = clock.now();
    // The time of day was set back: what was counted lies ahead now, and would hold everything up until then.
    if (now < latest - SECOND_MS) accounts.clear();
    latest = now;
    const known = accounts.get(accountId);
    if (known) return known;
    const fresh: AccountGate = {
      ...{ families: new Map(), failures: 0, closures: 0, closedUntil: 0 },
      ...{ probeSince: undefined, connectedAt: undefined },
    };
    accounts.set(accountId, fresh);
    return fresh;
  }

  function familyGate(account: AccountGate, family: LimitFamily): FamilyGate {
    const known = account.families.get(family);
    if (known) return known;
    const fresh = { starts: [], limit: LIMITS[family], closedUntil: 0 };
    account.families.set(family, fresh);
    return fresh;
  }

  function room(accountId: string, family: LimitFamily, sharePercent: number): Room {
    const now = clock.now();
    const account = accountGate(accountId);
    const gate = familyGate(account, family);
    forgetBefore(gate.starts, now - MINUTE_MS);
    const isDown = account.closures > 0;
    const closedUntil = Math.max(account.closedUntil, gate.closedUntil);
    if (closedUntil > now) return { now: 0, nextAt: closedUntil, isDown };
    if (isDown && account.probeSince !== undefined && now - account.probeSince < PROBE_MS) {
      return { now: 0, nextAt: account.probeSince + PROBE_MS, isDown };
    }
    const share = shareOf(gate.limit, sharePercent);
    const minute = roomIn(gate.starts, share.perMinute, MINUTE_MS, now);
    const second = roomIn(gate.starts, share.perSecond, SECOND_MS, now);
    const free = Math.min(minute.now, second.now, isDown ? 1 : Number.POSITIVE_INFINITY);
    return { now: free, nextAt: free > 0 ? now : Math.max(minute.nextAt, second.nextAt), isDown };
  }

  return {
    room,

    /**
     * The same for single jobs, which must never use up the minute: a fresh change would have to wait for the rest of it.
     * Half of it may go at once, unless there is a backlog; from there on the less is left the more slowly it goes.
     */
    pacedRoom(accountId: string, family: LimitFamily, sharePercent: number, hasBacklog: boolean): Room {
      const free = room(accountId, family, sharePercent);
      if (free.now === 0) return free;
      const now = clock.now();
      const { starts, limit } = familyGate(accountGate(accountId), family);
      const { perMinute } = shareOf(limit, sharePercent);
      const atOnce = Math.floor(perMinute / 2) - starts.length;
      if (!hasBacklog && atOnce > 0) return { ...free, now: Math.min(free.now, atOnce), nextAt: now };
      const spacingMs = MINUTE_MS / (HASTE * (perMinute - starts.length));
      const nextAt = (starts.at(-1) ?? 0) + spacingMs;
      return nextAt <= now ? { ...free, now: 1, nextAt: now + spacingMs } : { ...free, now: 0, nextAt };
    },

    /** Waits for a place and takes it; `false` when none comes free within seconds, or `signal` fires. */
    async enter(accountId: string, family: LimitFamily, sharePercent: number, signal?: AbortSignal): Promise<boolean> {
      const patientUntil = clock.now() + PATIENCE_MS;
      for (;;) {
        if (signal?.aborted) return false;
        const { now: free, nextAt } = room(accountId, family, sharePercent);
        if (free > 0) {
          const account = accountGate(accountId);
          if (account.closures > 0) account.probeSince = clock.now();
          familyGate(account, family).starts.push(clock.now());
          return true;
        }
        if (nextAt > patientUntil) return false;
        await pause(clock, nextAt - clock.now(), signal);
      }
    },

    /** Learns from an answer: Klaviyo's own limits, a wait that it asks for, and whether it is there at all. */
    learn(accountId: string, family: LimitFamily, answer: KlaviyoAnswer): void {
      const now = clock.now();
      const account = accountGate(accountId);
      account.probeSince = undefined;
      if (answer.type === "answered" && answer.rateLimit) {
        const gate = familyGate(account, family);
        gate.limit = { ...gate.limit, ...answer.rateLimit.limit };
        // Others draw on it too: the window is used up, whatever we have sent.
        if (answer.rateLimit.remaining === 0) {
          gate.closedUntil = Math.max(gate.closedUntil, now + Math.max(SECOND_MS, answer.rateLimit.resetMs));
        }
      }
      if (isDown(answer)) {
        // Those that were on their way when it closed say nothing new.
        if (account.closedUntil > now) return;
        account.failures++;
        if (account.closures === 0 && account.failures < OUTAGE_AFTER) return;
        const pauseMs = Math.min(LONGEST_PAUSE_MS, SECOND_MS * 2 ** account.closures);
        account.closures++;
        account.closedUntil = now + Math.round(pauseMs * (0.5 + clock.random() / 2));
        if (account.closures === TOLD_AFTER) onOutage(accountId, "begun");
      } else {
        if (account.closures >= TOLD_AFTER) onOutage(accountId, "over");
        account.failures = 0;
        account.closures = 0;
        if (answer.type === "answered" && answer.status === 429) {
          account.closedUntil = Math.max(account.closedUntil, now + (answer.retryAfterMs ?? SECOND_MS));
        }
      }
    },

    /** What this process has sent lately; families of which it has sent nothing since it started are left out. */
    describe(accountId: string): GateFacts[] {
      const now = clock.now();
      const account = accounts.get(accountId);
      return [...(account?.families ?? [])].map(([family, { starts, limit, closedUntil }]) => {
        const until = Math.max(account?.closedUntil ?? 0, closedUntil);
        const lastMinute = starts.filter((at) => at > now - MINUTE_MS).length;
        return { family, limit, lastMinute, closedUntil: until > now ? until : null };
      });
    },

    /** Sends nothing of a family before `until`. */
    close(accountId: string, family: LimitFamily, until: number): void {
      familyGate(accountGate(accountId), family).closedUntil = until;
    },

    /** Lets an account try again at once where it was connected anew, by whichever process. */
    connected(accountId: string, connectedAt: number): void {
      const known = accountGate(accountId).connectedAt;
      if (known !== undefined && known !== connectedAt) accounts.delete(accountId);
      accountGate(accountId).connectedAt = connectedAt;
    },
  };
}

const isDown = (answer: KlaviyoAnswer): boolean =>
  answer.type === "unreachable" || (answer.type === "answered" && answer.status >= 500);

function roomIn(starts: readonly number[], limit: number, windowMs: number, now: number): WindowRoom {
  const begins = now - windowMs;
  let used = 0;
  while (used < starts.length && used < limit && (starts[starts.length - 1 - used] ?? 0) > begins) used++;
  if (used < limit) return { now: limit - used, nextAt: now };
  return { now: 0, nextAt: (starts[starts.length - limit] ?? now) + windowMs };
}

function forgetBefore(starts: number[], time: number): void {
  let old = 0;
  while (old < starts.length && (starts[old] ?? 0) <= time) old++;
  if (old > 0) starts.splice(0, old);
}

/** Resolves after `ms`, or as soon as `signal` fires. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal?.addEventListener("abort", end, { once: true });
    if (signal?.aborted) end();
  });
}
