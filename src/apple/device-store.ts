import { and, asc, eq, getTableColumns, gt, inArray, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { devices, passes, pushCounts, registrations } from "../db/schema.ts";

export type Device = typeof devices.$inferSelect;

/** A phone for one pass type: the pair that Apple's push service judges a token by. */
export interface DeviceKey {
  readonly deviceId: string;
  readonly passTypeIdentifier: string;
}

const isDevice = ({ deviceId, passTypeIdentifier }: DeviceKey) =>
  and(eq(devices.deviceId, deviceId), eq(devices.passTypeIdentifier, passTypeIdentifier));

const isRegistrationOf = ({ deviceId, passTypeIdentifier }: DeviceKey) =>
  and(eq(registrations.deviceId, deviceId), eq(registrations.passTypeIdentifier, passTypeIdentifier));

/** Stores the phone with the token it has now, since tokens change, and its interest in the pass. Answers whether that is new. */
export async function insertRegistration(
  query: Queries,
  key: DeviceKey,
  serial: string,
  pushToken: string,
  now: number,
): Promise<boolean> {
  await query
    .insert(devices)
    .values({ ...key, pushToken, refreshedAt: now })
    .onConflictDoUpdate({
      target: [devices.deviceId, devices.passTypeIdentifier],
      set: { pushToken, refreshedAt: now },
    });
  const added = await query
    .insert(registrations)
    .values({ ...key, serial, registeredAt: now })
    .onConflictDoNothing()
    .returning({ serial: registrations.serial });
  return added.length > 0;
}

/** Ends the phone's interest in a pass, and forgets the phone with its last one. Answers whether there was one. */
export async function deleteRegistration(query: Queries, key: DeviceKey, serial: string): Promise<boolean> {
  const gone = await query
    .delete(registrations)
    .where(and(isRegistrationOf(key), eq(registrations.serial, serial)))
    .returning({ serial: registrations.serial });
  const [left] = await query
    .select({ serial: registrations.serial })
    .from(registrations)
    .where(isRegistrationOf(key))
    .limit(1);
  if (!left) await query.delete(devices).where(isDevice(key));
  return gone.length > 0;
}

/** Forgets a phone with all its registrations; answers the serial numbers that it held. */
export async function deleteDevice(query: Queries, key: DeviceKey): Promise<string[]> {
  const held = await query
    .delete(registrations)
    .where(isRegistrationOf(key))
    .returning({ serial: registrations.serial });
  await query.delete(devices).where(isDevice(key));
  return held.map(({ serial }) => serial);
}

export async function findDevice(query: Queries, key: DeviceKey): Promise<Device | undefined> {
  return (await query.select().from(devices).where(isDevice(key)))[0];
}

export async function isRegistered(query: Queries, serial: string): Promise<boolean> {
  const rows = await query
    .select({ serial: registrations.serial })
    .from(registrations)
    .where(eq(registrations.serial, serial))
    .limit(1);
  return rows.length > 0;
}

/** The phone's passes that changed after `tag`, with the highest tag among them; all of them without a tag. */
export async function changedSince(
  query: Queries,
  key: DeviceKey,
  tag: number | undefined,
): Promise<{ serials: string[]; tag: number }> {
  const rows = await query
    .select({ serial: registrations.serial, tag: passes.updateTag })
    .from(registrations)
    .innerJoin(passes, eq(passes.serial, registrations.serial))
    .where(and(isRegistrationOf(key), tag === undefined ? undefined : gt(passes.updateTag, tag)))
    .orderBy(asc(passes.updateTag));
  return { serials: rows.map(({ serial }) => serial), tag: rows.at(-1)?.tag ?? tag ?? 0 };
}

/** The phones that hold any of these passes, each once. */
export async function devicesHolding(query: Queries, serials: readonly string[]): Promise<Device[]> {
  const keys = await query
    .selectDistinct({ deviceId: registrations.deviceId, passTypeIdentifier: registrations.passTypeIdentifier })
    .from(registrations)
    .where(inArray(registrations.serial, [...serials]));
  const found = await Promise.all(keys.map((key) => findDevice(query, key)));
  return found.filter((device) => device !== undefined);
}

/** Passes of a template that some phone holds, from `after` on, in the order of their serial numbers. */
export async function registeredSerials(
  query: Queries,
  templateId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await query
    .select({ serial: passes.serial })
    .from(passes)
    .where(
      and(
        eq(passes.templateId, templateId),
        gt(passes.serial, after),
        sql`exists (select 1 from ${registrations} where ${registrations.serial} = ${passes.serial})`,
      ),
    )
    .orderBy(asc(passes.serial))
    .limit(limit);
  return rows.map(({ serial }) => serial);
}

/**
 * Stores what came of a push, at the phone and in the totals. `toldAt` is when a push that Apple took was begun: a change
 * that was stored after that may have been too late for the question that the phone then asked.
 */
export async function recordPush(
  query: Queries,
  key: DeviceKey,
  outcome: string,
  toldAt: number | undefined,
): Promise<void> {
  await query
    .update(devices)
    .set({ lastPushResult: outcome, ...(toldAt === undefined ? {} : { lastPushAt: toldAt }) })
    .where(isDevice(key));
  const { passTypeIdentifier } = key;
  await query
    .insert(pushCounts)
    .values({ passTypeIdentifier, outcome, count: 1 })
    .onConflictDoUpdate({
      target: [pushCounts.passTypeIdentifier, pushCounts.outcome],
      set: { count: sql`${pushCounts.count} + 1` },
    });
}

/** Pushes so far, by pass type and outcome. */
export function pushTotals(query: Queries): Promise<(typeof pushCounts.$inferSelect)[]> {
  return query.select().from(pushCounts).orderBy(pushCounts.passTypeIdentifier, pushCounts.outcome);
}

/** The phones that hold a pass, with what came of their last push. */
export function devicesOf(query: Queries, serial: string): Promise<(Device & { registeredAt: number })[]> {
  return query
    .select({ ...getTableColumns(devices), registeredAt: registrations.registeredAt })
    .from(registrations)
    .innerJoin(
      devices,
      and(
        eq(devices.deviceId, registrations.deviceId),
        eq(devices.passTypeIdentifier, registrations.passTypeIdentifier),
      ),
    )
    .where(eq(registrations.serial, serial))
    .orderBy(asc(registrations.registeredAt));
}
