import { and, asc, eq, gt, gte, inArray, isNotNull, or, sql } from "drizzle-orm";
import type { Queries } from "../db/database.ts";
import { passEvents, passes, recipients } from "../db/schema.ts";
import type { LifecycleEventKind } from "../passes/pass.ts";

/** Which passes are told to Klaviyo again. */
export interface ResyncScope {
  readonly accountId: string;
  readonly templateId?: string | undefined;
  /** Those that changed at or after this time, in milliseconds. */
  readonly since?: number | undefined;
}

/** A recipient without any identifier has no profile that could be told. */
const toldPasses = ({ accountId, templateId, since }: ResyncScope, after = "") =>
  and(
    eq(passes.accountId, accountId),
    templateId === undefined ? undefined : eq(passes.templateId, templateId),
    since === undefined ? undefined : gte(passes.updatedAt, since),
    gt(passes.serial, after),
    or(
      isNotNull(recipients.klaviyoId),
      isNotNull(recipients.externalId),
      isNotNull(recipients.email),
      isNotNull(recipients.phone),
    ),
  );

export async function countToldPasses(query: Queries, scope: ResyncScope): Promise<number> {
  const [row] = await query
    .select({ n: sql<number>`count(*)` })
    .from(passes)
    .innerJoin(recipients, eq(recipients.id, passes.recipientId))
    .where(toldPasses(scope));
  return row?.n ?? 0;
}

/** In the order of their serial numbers, from one on. */
export const listToldPasses = (
  query: Queries,
  scope: ResyncScope,
  after: string,
  limit: number,
): Promise<{ serial: string; updatedAt: number }[]> =>
  query
    .select({ serial: passes.serial, updatedAt: passes.updatedAt })
    .from(passes)
    .innerJoin(recipients, eq(recipients.id, passes.recipientId))
    .where(toldPasses(scope, after))
    .orderBy(asc(passes.serial))
    .limit(limit);

/** What happened to these passes since that time, oldest first. */
export const listEventsOf = (
  query: Queries,
  serials: readonly string[],
  since: number,
): Promise<{ id: number; serial: string; kind: LifecycleEventKind; at: number }[]> =>
  query
    .select({ id: passEvents.id, serial: passEvents.serial, kind: passEvents.kind, at: passEvents.at })
    .from(passEvents)
    .where(and(inArray(passEvents.serial, [...serials]), gte(passEvents.at, since)))
    .orderBy(asc(passEvents.id));
