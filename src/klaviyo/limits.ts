/** How often one operation may be called, per Klaviyo account: in fixed windows of one second and one minute. */
export interface Limit {
  readonly perSecond: number;
  readonly perMinute: number;
}

/**
 * The published limits of the operations that write-backs use (Klaviyo's OpenAPI document, revision 2026-07-15). Every
 * key of an account draws on the same ones.
 */
export const LIMITS = {
  profile: { perSecond: 75, perMinute: 750 },
  event: { perSecond: 350, perMinute: 3_500 },
  record: { perSecond: 75, perMinute: 750 },
  profileImport: { perSecond: 10, perMinute: 150 },
  profileImportJob: { perSecond: 10, perMinute: 150 },
  profileImportErrors: { perSecond: 10, perMinute: 150 },
  eventBulk: { perSecond: 10, perMinute: 150 },
  recordBulk: { perSecond: 3, perMinute: 15 },
  ingestionLog: { perSecond: 1, perMinute: 15 },
  deletion: { perSecond: 3, perMinute: 60 },
} as const satisfies Record<string, Limit>;

/** Operations that share a limit. */
export type LimitFamily = keyof typeof LIMITS;

/** Our part of a limit: the rest is for the other programs that the shop has connected. */
export function shareOf({ perSecond, perMinute }: Limit, percent: number): Limit {
  const part = (limit: number) => Math.max(1, Math.floor((limit * percent) / 100));
  return { perSecond: part(perSecond), perMinute: part(perMinute) };
}

/** Klaviyo refuses a body that is larger, after decompression; less what the request puts around the items. */
export const MAX_BULK_BYTES = 4_900_000;
export const MAX_BULK_RECORD_BYTES = 3_900_000;
