/** What Klaviyo publishes for one kind of request: so many within any second, and so many within any minute. */
export interface Limit {
  readonly family: string;
  readonly path: string;
  readonly perSecond: number;
  readonly perMinute: number;
}

/**
 * Klaviyo's published limits (revision 2026-07-15) of the requests that Passhook sends. They hold for the whole account,
 * whichever key or integration sends.
 */
export const PUBLISHED_LIMITS: readonly Limit[] = [
  { family: "profiles", path: "/api/profile-import", perSecond: 75, perMinute: 750 },
  { family: "events", path: "/api/events", perSecond: 350, perMinute: 3_500 },
  { family: "records", path: "/api/data-source-record-create-jobs", perSecond: 75, perMinute: 750 },
  { family: "profiles in bulk", path: "/api/profile-bulk-import-jobs", perSecond: 10, perMinute: 150 },
  { family: "events in bulk", path: "/api/event-bulk-create-jobs", perSecond: 10, perMinute: 150 },
  { family: "records in bulk", path: "/api/data-source-record-bulk-create-jobs", perSecond: 3, perMinute: 15 },
];

/** What Passhook takes of a limit: its share in percent, but never nothing. */
export const ourPart = (limit: number, sharePercent: number): number =>
  Math.max(1, Math.floor((limit * sharePercent) / 100));

/** Klaviyo does not say whether a kilobyte has 1000 or 1024 bytes, so the smaller is taken. */
export const KB = 1_000;
export const MB = 1_000_000;

/** Of the object that Klaviyo makes of a record; the request itself may be far larger. */
export const MAX_RECORD_PROPERTY_BYTES = 2 * KB;
export const MAX_RECORD_BYTES = 8 * KB;
