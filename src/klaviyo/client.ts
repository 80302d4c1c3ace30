import { messageOf } from "../errors.ts";
import { isObject, type Json } from "../templates/placeholders.ts";
import type { Limit } from "./limits.ts";

/** The API revision that requests are written for; Klaviyo supports each for two years. */
const REVISION = "2026-07-15";
/** Three calls fit into a job's lease, with room to store the outcome. */
const TIMEOUT_MS = 7_000;
const MEDIA_TYPE = "application/vnd.api+json";

export interface KlaviyoRequest {
  readonly method: "GET" | "POST" | "PATCH";
  /** From `/api/`. */
  readonly path: string;
  readonly body?: Json;
}

/** What `ratelimit-*` headers say; they are absent on 401 and 429 (recorded). */
export interface RateLimitFacts {
  readonly limit: Partial<Limit>;
  /** Requests left in the window of a second (recorded, although documented as that of a minute). */
  readonly remaining: number | undefined;
  readonly resetMs: number;
}

export type KlaviyoAnswer =
  | {
      readonly type: "answered";
      readonly status: number;
      readonly body: Json;
      readonly retryAfterMs: number | undefined;
      readonly rateLimit?: RateLimitFacts | undefined;
    }
  /** No whole answer came: whether Klaviyo acted cannot be told. */
  | { readonly type: "unreachable"; readonly reason: string };

/** Sends one request to Klaviyo. Never throws, never retries: the outbox decides what follows. */
export type KlaviyoClient = (apiKey: string, request: KlaviyoRequest, signal?: AbortSignal) => Promise<KlaviyoAnswer>;

/** The only place that talks to Klaviyo. */
export function createKlaviyoClient(baseUrl: string, timeoutMs = TIMEOUT_MS): KlaviyoClient {
  return async (apiKey, { method, path, body }, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(baseUrl + path, {
        method,
        headers: {
          authorization: `Klaviyo-API-Key ${apiKey}`,
          revision: REVISION,
          accept: MEDIA_TYPE,
          ...(body === undefined ? {} : { "content-type": MEDIA_TYPE }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would take the key to another host.
        redirect: "manual",
        signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
      });
      const text = await response.text();
      return {
        type: "answered",
        status: response.status,
        body: parseBody(text),
        retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
        rateLimit: readRateLimit(response.headers),
      };
    } catch (error) {
      // Bun ends its messages with advice for whoever wrote the program.
      const said = messageOf(error).replace(/ For more information, pass `verbose.*$/, "");
      const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : said;
      return { type: "unreachable", reason: `Klaviyo could not be reached: ${reason}` };
    }
  };
}

/** Klaviyo's own words on a failure: `title detail (pointer)` of each error. */
export function klaviyoErrorText(answer: { status: number; body: Json }): string {
  const errors = errorsOf(answer.body).map(({ detail, title, source }) => {
    const pointer = isObject(source) && typeof source["pointer"] === "string" ? ` (${source["pointer"]})` : "";
    return `${detail ?? title ?? "no reason given"}${pointer}`;
  });
  return `Klaviyo answered ${answer.status}${errors.length > 0 ? `: ${errors.join("; ")}` : ""}`;
}

/** The JSON:API errors of an answer; none when the body is something else (a proxy's HTML page). */
export function errorsOf(body: Json): readonly { readonly [key: string]: Json }[] {
  const errors = isObject(body) ? body["errors"] : undefined;
  return Array.isArray(errors) ? errors.filter(isObject) : [];
}

function parseBody(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/** Klaviyo sends whole seconds (recorded). */
function retryAfterMs(header: string | null): number | undefined {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
}

/** `ratelimit-limit: "75, 75;w=1, 750;w=60"`: a structured list of limits with their windows in seconds (recorded). */
function readRateLimit(headers: Headers): RateLimitFacts | undefined {
  const text = headers.get("ratelimit-limit");
  if (text === null) return undefined;
  const windows = new Map([...text.matchAll(/(\d+);w=(\d+)/g)].map(([, limit, seconds]) => [seconds, Number(limit)]));
  const [perSecond, perMinute] = [windows.get("1"), windows.get("60")];
  return {
    limit: { ...(perSecond ? { perSecond } : {}), ...(perMinute ? { perMinute } : {}) },
    remaining: wholeNumber(headers.get("ratelimit-remaining")),
    resetMs: (wholeNumber(headers.get("ratelimit-reset")) ?? 0) * 1_000,
  };
}

const wholeNumber = (text: string | null): number | undefined =>
  text !== null && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
