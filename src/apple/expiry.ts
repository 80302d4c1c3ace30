import { X509Certificate } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { Log } from "../log.ts";
import { passTypesInUse } from "../templates/template-store.ts";
import { noteWarning } from "./expiry-store.ts";
import type { Identities } from "./identities.ts";
import type { SigningIdentity } from "./identity-store.ts";

/** A certificate that needs somebody's attention. */
export interface ExpiryWarning {
  readonly accountId: string;
  readonly identityId: string;
  readonly passTypeIdentifier: string;
  readonly what: "certificate" | "intermediate";
  /** SHA-256 of the DER, hex. */
  readonly fingerprint: string;
  readonly expiresAt: number;
  /** The threshold that was passed last; 0: has expired. */
  readonly daysBefore: number;
  /** For a log or a terminal: what, when, and what to do. */
  readonly text: string;
}

export type ExpiryWatch = ReturnType<typeof createExpiryWatch>;

const DAY_MS = 24 * 3_600_000;
/** Days before the end; a certificate is announced once for each, and once when it has expired. */
const THRESHOLDS = [1, 7, 14, 30];

/**
 * Watches the certificates that sign now. Those that were replaced by a newer one of their pass type, those whose pass
 * type no template has, and development certificates do not count.
 */
export function createExpiryWatch(deps: { db: Database; clock: Clock; log: Log; identities: Identities }) {
  const { db, clock, log, identities } = deps;

  /** Apple's certificates that sign the passes of some template, or would sign those of the first. */
  async function signing(): Promise<SigningIdentity[]> {
    const [all, inUse] = await Promise.all([identities.all(), passTypesInUse(db.read)]);
    const found = new Map<string, SigningIdentity>();
    for (const accountId of new Set(all.filter((one) => !one.development).map((one) => one.accountId))) {
      const named = inUse.filter((one) => one.accountId === accountId);
      for (const { passTypeIdentifier } of named.length > 0 ? named : [{ passTypeIdentifier: null }]) {
        const identity = await identities.find(accountId, passTypeIdentifier ?? undefined);
        if (identity) found.set(identity.id, identity);
      }
    }
    return [...found.values()];
  }

  async function warnings(): Promise<ExpiryWarning[]> {
    const now = clock.now();
    const found = new Map<string, ExpiryWarning>();
    for (const identity of await signing()) {
      for (const dated of datedPartsOf(identity)) {
        const daysBefore = thresholdPassed(dated.expiresAt, now);
        // Identities of an account share Apple's intermediate.
        const key = `${identity.accountId} ${dated.fingerprint}`;
        if (daysBefore === undefined || found.has(key)) continue;
        found.set(key, {
          ...dated,
          accountId: identity.accountId,
          identityId: identity.id,
          passTypeIdentifier: identity.passTypeIdentifier,
          daysBefore,
          text: describe(dated, identity, now),
        });
      }
    }
    return [...found.values()].sort((a, b) => a.expiresAt - b.expiresAt);
  }

  return {
    signing,
    warnings,

    /** Logs what deserves a warning now, each threshold of each certificate once for as long as the database lives. */
    async announce(): Promise<void> {
      for (const { accountId, identityId, fingerprint, daysBefore, text } of await warnings()) {
        const warning = { accountId, fingerprint, daysBefore, announcedAt: clock.now() };
        const isNew = await db.transaction((tx) => noteWarning(tx.query, warning));
        if (isNew) log.warn(text, { account: accountId, certificate: identityId });
      }
    },

    /** For `/readyz`, which anybody may ask: it names neither accounts nor pass types. */
    async readiness(): Promise<{ ok: boolean; detail: string }> {
      const now = clock.now();
      const ends = (await signing()).map(({ expiresAt }) => expiresAt).sort((a, b) => a - b);
      const [first] = ends;
      if (first === undefined) return { ok: true, detail: "none from Apple yet" };
      const expired = ends.filter((end) => end <= now).length;
      if (expired === 0) return { ok: true, detail: `valid until ${day(first)}` };
      const which = ends.length === 1 ? "" : `${expired} of ${ends.length} `;
      return { ok: false, detail: `${which}expired on ${day(first)}; passhook doctor says what to do` };
    },
  };
}

interface DatedPart {
  readonly what: ExpiryWarning["what"];
  readonly fingerprint: string;
  readonly expiresAt: number;
}

function datedPartsOf({ fingerprint, expiresAt, intermediatePem }: SigningIdentity): DatedPart[] {
  const intermediate = new X509Certificate(intermediatePem);
  return [
    { what: "certificate", fingerprint, expiresAt },
    {
      what: "intermediate",
      fingerprint: intermediate.fingerprint256.replaceAll(":", "").toLowerCase(),
      expiresAt: Date.parse(intermediate.validTo),
    },
  ];
}

function thresholdPassed(expiresAt: number, now: number): number | undefined {
  if (expiresAt <= now) return 0;
  return THRESHOLDS.find((days) => expiresAt - now <= days * DAY_MS);
}

function describe({ what, expiresAt }: DatedPart, identity: SigningIdentity, now: number): string {
  const { passTypeIdentifier } = identity;
  const days = Math.ceil((expiresAt - now) / DAY_MS);
  const when =
    expiresAt <= now
      ? `expired on ${day(expiresAt)}: phones refuse new passes and updates, webhooks are still accepted`
      : `expires in ${days} ${days === 1 ? "day" : "days"}, on ${day(expiresAt)}`;
  return what === "certificate"
    ? `The signing certificate for ${passTypeIdentifier} ${when}. Make its successor with "passhook certificate request", then "passhook certificate import".`
    : `Apple's intermediate certificate for ${passTypeIdentifier} ${when}. Download the current one from https://www.apple.com/certificateauthority/ and import the certificate again with it as --intermediate.`;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
