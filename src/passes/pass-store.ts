import { and, asc, desc, eq, gt, ne, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { given, givenRow, prepared } from "../db/prepared.ts";
import { counters, passEvents, passes, UPDATE_TAG } from "../db/schema.ts";
import type { LifecycleEventKind, Pass } from "./pass.ts";

type PassRow = typeof passes.$inferSelect;

const MAX_PASSES_SHOWN = 100;

export interface PassEvent {
  readonly id: number;
  readonly serial: string;
  readonly kind: LifecycleEventKind;
  readonly version: number;
  readonly at: number;
  readonly changedFields: readonly string[];
}

const passBySerial = prepared((query) =>
  query
    .select()
    .from(passes)
    .where(eq(passes.serial, given("serial")))
    .prepare(),
);

export async function findPass(query: Queries, serial: string): Promise<Pass | undefined> {
  const [row] = await passBySerial(query).execute({ serial });
  return row && toPass(row);
}

const reusablePass = prepared((query) =>
  query
    .select()
    .from(passes)
    .where(
      and(
        eq(passes.templateId, given("templateId")),
        eq(passes.recipientId, given("recipientId")),
        // In the words of the partial index.
        sql`${passes.reusable} = 1 and ${passes.state} <> 'deleted'`,
      ),
    )
    .prepare(),
);

/** The live pass that a repeat for the same recipient gets back. */
export async function findReusablePass(
  query: Queries,
  templateId: string,
  recipientId: string,
): Promise<Pass | undefined> {
  const [row] = await reusablePass(query).execute({ templateId, recipientId });
  return row && toPass(row);
}

const recipientsPasses = prepared((query) =>
  query
    .select()
    .from(passes)
    .where(eq(passes.recipientId, given("recipientId")))
    // Of those of one millisecond the one that was stored last.
    .orderBy(desc(passes.createdAt), sql`${passes}.rowid desc`)
    .limit(MAX_PASSES_SHOWN)
    .prepare(),
);

/** A person's latest passes, the newest first, at most a hundred. */
export async function passesOfRecipient(query: Queries, recipientId: string): Promise<Pass[]> {
  return (await recipientsPasses(query).execute({ recipientId })).map(toPass);
}

const newestPasses = prepared((query) =>
  query
    .select()
    .from(passes)
    .where(
      and(
        eq(passes.recipientId, given("recipientId")),
        // Not by the index of the template's passes, which are many more than the person's.
        sql`+${passes.templateId} = ${given("templateId")}`,
        ne(passes.state, given("butIn")),
      ),
    )
    .orderBy(desc(passes.createdAt), desc(passes.serial))
    .limit(1)
    .prepare(),
);

/** The pass of the template that the recipient was given last; `live`: of those that were not deleted. */
export async function findNewestPass(
  query: Queries,
  templateId: string,
  recipientId: string,
  which: "any" | "live",
): Promise<Pass | undefined> {
  const butIn = which === "live" ? "deleted" : "";
  const [row] = await newestPasses(query).execute({ templateId, recipientId, butIn });
  return row && toPass(row);
}

/** Serial numbers of the recipient's live passes of all templates, in their order. */
export async function liveSerialsOf(
  query: Queries,
  recipientId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await query
    .select({ serial: passes.serial })
    .from(passes)
    .where(and(eq(passes.recipientId, recipientId), ne(passes.state, "deleted"), gt(passes.serial, after)))
    .orderBy(asc(passes.serial))
    .limit(limit);
  return rows.map(({ serial }) => serial);
}

const passesOfTemplate = prepared((query) =>
  query
    .select()
    .from(passes)
    .where(
      and(
        eq(passes.templateId, given("templateId")),
        gt(passes.serial, given("after")),
        // Not by the index of the account's passes, of which few may be this template's.
        sql`+${passes.accountId} = ${given("accountId")}`,
      ),
    )
    .orderBy(asc(passes.serial))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

/** Passes of a template from a serial number on, also deleted ones, in the order of their serial numbers. */
export async function listPassesOfTemplate(
  query: Queries,
  template: { readonly id: string; readonly accountId: string },
  after: string,
  limit: number,
): Promise<Pass[]> {
  const { id: templateId, accountId } = template;
  return (await passesOfTemplate(query).execute({ templateId, accountId, after, limit })).map(toPass);
}

const insertPassRow = prepared((query) => query.insert(passes).values(givenRow(passes)).prepare());

export async function insertPass(query: Queries, pass: Pass): Promise<void> {
  const { values, notes, ...row } = pass;
  await insertPassRow(query).execute({ ...row, fields: JSON.stringify(values), notes: JSON.stringify(notes) });
}

/** Stores what can change of a pass. */
export async function updatePass(query: Queries, pass: Pass): Promise<void> {
  await query
    .update(passes)
    .set({
      fields: JSON.stringify(pass.values),
      notes: JSON.stringify(pass.notes),
      state: pass.state,
      voided: pass.voided,
      expiredAt: pass.expiredAt,
      installedAt: pass.installedAt,
      version: pass.version,
      lastModified: pass.lastModified,
      contentHash: pass.contentHash,
      updateTag: pass.updateTag,
      personalizedAt: pass.personalizedAt,
      externalIdRule: pass.externalIdRule,
      flowId: pass.flowId,
      repaired: pass.repaired,
      updatedAt: pass.updatedAt,
    })
    .where(eq(passes.serial, pass.serial));
}

/** Notes that Klaviyo has the state of `now`, and what it did not take. */
export async function noteWriteBack(
  query: Queries,
  serial: string,
  now: number,
  notes: readonly string[],
): Promise<void> {
  // As it is now: the pass may have changed while Klaviyo was being told.
  const present = await findPass(query, serial);
  const all = [...new Set([...(present?.notes ?? []), ...notes])];
  await query
    .update(passes)
    .set({ writtenBackAt: now, notes: JSON.stringify(all) })
    .where(eq(passes.serial, serial));
}

/** Adds what a person should know of a pass, unless it stands there already. Another account's pass is left alone. */
export async function addPassNotes(
  query: Queries,
  accountId: string,
  serial: string,
  notes: readonly string[],
): Promise<void> {
  const pass = await findPass(query, serial);
  if (pass?.accountId !== accountId) return;
  const all = [...new Set([...pass.notes, ...notes])];
  await query
    .update(passes)
    .set({ notes: JSON.stringify(all) })
    .where(eq(passes.serial, serial));
}

/** The next number of the sequence that all visible changes share; the first is 1. */
export async function nextUpdateTag(query: Queries): Promise<number> {
  const [row] = await query
    .insert(counters)
    .values({ name: UPDATE_TAG, value: 1 })
    .onConflictDoUpdate({ target: counters.name, set: { value: sql`${counters.value} + 1` } })
    .returning({ value: counters.value });
  return row?.value ?? 1;
}

const insertEventRow = prepared((query) =>
  query.insert(passEvents).values(givenRow(passEvents, "id")).returning({ id: passEvents.id }).prepare(),
);

/** Adds to the pass's history; answers the event's id. */
export async function insertPassEvent(query: Queries, event: Omit<PassEvent, "id">): Promise<number> {
  const [row] = await insertEventRow(query).execute({ ...event, changedFields: JSON.stringify(event.changedFields) });
  return row?.id ?? 0;
}

const eventById = prepared((query) =>
  query
    .select()
    .from(passEvents)
    .where(eq(passEvents.id, given("id")))
    .prepare(),
);

export async function findPassEvent(query: Queries, id: number): Promise<PassEvent | undefined> {
  const [row] = await eventById(query).execute({ id });
  return row && { ...row, changedFields: JSON.parse(row.changedFields) };
}

/** The pass's history, oldest first. */
export async function listPassEvents(query: Queries, serial: string): Promise<PassEvent[]> {
  const rows = await query.select().from(passEvents).where(eq(passEvents.serial, serial)).orderBy(asc(passEvents.id));
  return rows.map((row) => ({ ...row, changedFields: JSON.parse(row.changedFields) }));
}

/** When each kind of event last happened to a pass, in milliseconds. */
export type LastEventTimes = Readonly<Partial<Record<LifecycleEventKind, number>>>;

const lastEvents = prepared((query) =>
  query
    .select({ kind: passEvents.kind, at: sql<number>`max(${passEvents.at})` })
    .from(passEvents)
    .where(eq(passEvents.serial, given("serial")))
    .groupBy(passEvents.kind)
    .prepare(),
);

export async function findLastEventTimes(query: Queries, serial: string): Promise<LastEventTimes> {
  const rows = await lastEvents(query).execute({ serial });
  return Object.fromEntries(rows.map(({ kind, at }) => [kind, at]));
}

/** A row as the rest of the program has it. */
export function toPass({ fields, notes, ...row }: PassRow): Pass {
  return { ...row, values: JSON.parse(fields), notes: JSON.parse(notes) };
}
