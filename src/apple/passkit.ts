import { timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import type { Changes } from "../passes/changes.ts";
import { findWholePass, type WholePass } from "../passes/whole-pass.ts";
import type { Vault } from "../secrets.ts";
import type { Templates } from "../templates/templates.ts";
import {
  changedSince,
  type DeviceKey,
  deleteDevice,
  deleteRegistration,
  insertRegistration,
  isRegistered,
} from "./device-store.ts";

export interface PassKitDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly templates: Templates;
  readonly changes: Changes;
}

export type PassKit = ReturnType<typeof createPassKit>;

/** Names of devices and pass types as phones send them; anything else is nobody's. */
const IDENTIFIER = /^[A-Za-z0-9._-]{1,128}$/;
const PUSH_TOKEN = /^(?:[0-9a-fA-F]{2}){16,100}$/;

/**
 * What phones ask for (Apple: "Adding a Web Service to Update Passes"): to be told of a pass, to be told no more, what
 * changed, and the pass itself. The first phone that asks to be told of a pass has installed it; when the last one no
 * longer does, it is uninstalled.
 */
export function createPassKit({ db, clock, vault, templates, changes }: PassKitDependencies) {
  /** The pass, for whoever has its token. An unknown pass and a wrong token are the same `unauthorized`. */
  async function authenticate(serial: string, authorization: string | null): Promise<WholePass> {
    const given = /^ApplePass\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
    const whole = await findWholePass(db.read, templates, serial);
    // Compared also where there is no pass, so that the time does not tell.
    if (isSame(given, vault.authenticationToken(serial)) && whole) return whole;
    throw new AppError("unauthorized", "There is no such pass, or its authentication token is wrong.");
  }

  async function markInstalled(tx: Transaction, { pass }: WholePass): Promise<void> {
    const whole = await findWholePass(tx.query, templates, pass.serial);
    if (!whole || whole.pass.state === "deleted") return;
    if (whole.pass.state === "active" && whole.pass.installedAt !== null) return;
    const installed = { state: "active", installedAt: clock.now() } as const;
    await changes.revise(tx, whole, installed, { kind: "installed", changedFields: [] });
  }

  async function markUninstalled(tx: Transaction, serial: string): Promise<void> {
    if (await isRegistered(tx.query, serial)) return;
    const whole = await findWholePass(tx.query, templates, serial);
    if (whole?.pass.state !== "active" || whole.pass.installedAt === null) return;
    const uninstalled = { state: "uninstalled", installedAt: null } as const;
    await changes.revise(tx, whole, uninstalled, { kind: "uninstalled", changedFields: [] });
  }

  return {
    authenticate,

    /** Answers whether the registration is new. A repeat brings the push token up to date. */
    async register(key: DeviceKey, whole: WholePass, pushToken: unknown): Promise<boolean> {
      assertIdentifiers(key);
      if (typeof pushToken !== "string" || !PUSH_TOKEN.test(pushToken)) {
        throw new AppError("invalid", "The push token must be hexadecimal text.");
      }
      return db.transaction(async (tx) => {
        const isNew = await insertRegistration(tx.query, key, whole.pass.serial, pushToken.toLowerCase(), clock.now());
        if (isNew) await markInstalled(tx, whole);
        return isNew;
      });
    },

    /** Also good for a registration that is gone already. */
    async unregister(key: DeviceKey, { pass }: WholePass): Promise<void> {
      assertIdentifiers(key);
      await db.transaction(async (tx) => {
        if (await deleteRegistration(tx.query, key, pass.serial)) await markUninstalled(tx, pass.serial);
      });
    },

    /** Apple says that the phone is gone: so are its registrations. */
    async forgetDevice(tx: Transaction, key: DeviceKey): Promise<void> {
      for (const serial of await deleteDevice(tx.query, key)) await markUninstalled(tx, serial);
    },

    /**
     * Serial numbers of the phone's passes that changed after the tag it has, and the tag to ask with next; nothing when
     * none did. A tag that is not ours is as good as none.
     */
    async updatedSerials(
      key: DeviceKey,
      since: string | undefined,
    ): Promise<{ serialNumbers: string[]; lastUpdated: string } | undefined> {
      const tag = since !== undefined && /^\d{1,15}$/.test(since) ? Number(since) : undefined;
      const { serials, tag: lastUpdated } = await changedSince(db.read, key, tag);
      return serials.length === 0 ? undefined : { serialNumbers: serials, lastUpdated: String(lastUpdated) };
    },
  };
}

function assertIdentifiers({ deviceId, passTypeIdentifier }: DeviceKey): void {
  if (!IDENTIFIER.test(deviceId)) throw new AppError("invalid", "The device identifier is malformed.");
  if (!IDENTIFIER.test(passTypeIdentifier)) throw new AppError("invalid", "The pass type identifier is malformed.");
}

/** In constant time; the lengths of tokens are no secret. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
