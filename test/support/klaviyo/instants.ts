/** Profiles and schemas: microseconds and a numeric offset. */
export function formatInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000+00:00");
}

/** Events, metrics and jobs: whole seconds. */
export function formatSecond(seconds: number): string {
  return new Date(Math.floor(seconds) * 1_000).toISOString().replace(".000Z", "+00:00");
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds of an ISO 8601 date-time with offset, undefined when it is not one. */
export function parseInstant(text: string): number | undefined {
  const milliseconds = DATE_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
