/** What came of one push; what each means is in Apple's "Handling notification responses from APNs". */
export type PushAnswer =
  | {
      readonly type: "answered";
      readonly status: number;
      /** Apple's name of the trouble (`Unregistered`); none with 200. */
      readonly reason: string | undefined;
      /** Of a 410: since when, in milliseconds, the token is known to be invalid. */
      readonly timestamp: number | undefined;
      readonly retryAfterMs: number | undefined;
    }
  /** No whole answer came: whether Apple acted cannot be told. A push sent twice does no harm. */
  | { readonly type: "unreachable"; readonly reason: string };

export const unreachable = (reason: string): PushAnswer => ({
  type: "unreachable",
  reason: `Apple's push service could not be reached: ${reason}`,
});

/**
 * A refusal without Apple's `reason` is a proxy's, or was cut off: it must not cost a phone its registration. Trouble at
 * the other side (429, 5xx) is believed of anybody.
 */
export function answered(status: number, body: string, retryAfter: string | undefined): PushAnswer {
  const { reason, timestamp } = parseBody(body);
  const isTrouble = status === 429 || status >= 500;
  if (status !== 200 && !isTrouble && typeof reason !== "string") {
    return unreachable(`it answered ${status} without a reason`);
  }
  return {
    type: "answered",
    status,
    reason: typeof reason === "string" ? reason : undefined,
    timestamp: typeof timestamp === "number" && Number.isFinite(timestamp) ? timestamp : undefined,
    retryAfterMs: retryAfterMs(retryAfter),
  };
}

/** The `reason` in a GOAWAY's debug data, JSON like an answer's body (Apple, "Sending notification requests to APNs"). */
export function reasonIn(body: string): string | undefined {
  const { reason } = parseBody(body);
  return typeof reason === "string" ? reason : undefined;
}

function parseBody(body: string): { readonly reason?: unknown; readonly timestamp?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Whole seconds; Apple documents no header, proxies and the 503 of its edge send one. */
function retryAfterMs(header: string | undefined): number | undefined {
  const seconds = header === undefined || header === "" ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
