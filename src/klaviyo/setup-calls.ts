import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Json } from "../templates/placeholders.ts";
import { errorsOf, type KlaviyoAnswer, type KlaviyoClient, type KlaviyoRequest, klaviyoErrorText } from "./client.ts";
import { listAt, nextCursor } from "./json-api.ts";

/** `AppError.reason` where the account's plan has no custom objects. */
export const NO_ENTITLEMENT = "NO_ENTITLEMENT";

/** Asks Klaviyo for the set-up; everything but success is thrown as what a person should know. */
export interface Ask {
  /**
   * The body of a 2xx. Throws `invalid` where Klaviyo refuses the request, `conflict` for a bad key, a missing scope or
   * entitlement, `unavailable` for trouble that may pass.
   */
  one(request: KlaviyoRequest): Promise<Json>;
  /** The entries of every page. */
  all(request: (cursor?: string) => KlaviyoRequest): Promise<Json[]>;
}

/** Klaviyo may ask for up to a minute; what takes longer than a few of those is somebody else's rush. */
const MAX_WAITS = 5;
const DEFAULT_WAIT_MS = 60_000;

export function createAsk(client: KlaviyoClient, apiKey: string, clock: Clock): Ask {
  async function one(request: KlaviyoRequest): Promise<Json> {
    for (let waits = 0; ; waits++) {
      const answer = await client(apiKey, request);
      const isThrottled = answer.type === "answered" && answer.status === 429;
      if (!isThrottled || waits === MAX_WAITS) return bodyOf(answer);
      const waitMs = answer.retryAfterMs ?? DEFAULT_WAIT_MS;
      await new Promise<void>((resolve) => clock.after(waitMs, resolve));
    }
  }

  return {
    one,
    async all(request) {
      const entries: Json[] = [];
      let cursor: string | undefined;
      do {
        const body = await one(request(cursor));
        entries.push(...listAt(body, "data"));
        cursor = nextCursor(body);
      } while (cursor !== undefined);
      return entries;
    },
  };
}

const PAUSES_MS = [2_000, 10_000];

/**
 * Repeats a step that failed by trouble that may pass, two times: during set-up Klaviyo also answers 500 where a request
 * can never work (recorded), so that more would be in vain. The step must look first at what is there.
 */
export async function patiently<T>(pause: (ms: number) => Promise<void>, step: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof AppError && error.code === "unavailable")) throw error;
      await pause(pauseMs);
    }
  }
  return step();
}

function bodyOf(answer: KlaviyoAnswer): Json {
  if (answer.type === "unreachable") throw new AppError("unavailable", `${answer.reason}. Run again later.`);
  const { status, body } = answer;
  if (status >= 200 && status < 300) return body;
  const text = klaviyoErrorText(answer);
  switch (status) {
    case 401:
      throw new AppError(
        "conflict",
        `${text}. Connect again with a valid key: passhook klaviyo connect --key-file FILE`,
      );
    case 403:
      throw refusedRight(body, text);
    case 408:
    case 429:
      throw new AppError("unavailable", `${text}. Run again later.`);
    default:
      if (status < 500) throw new AppError("invalid", `${text}.`);
      throw new AppError(
        "unavailable",
        `${text}. Run again later; if that stays, delete the draft of the object type WalletPass in Klaviyo (Data, Objects) and run again.`,
      );
  }
}

/** A plan without custom objects answers `forbidden`, a key without the scope `permission_denied` (both recorded). */
function refusedRight(body: Json, text: string): AppError {
  if (errorsOf(body).some(({ code }) => code === "forbidden")) {
    return new AppError("conflict", text, { reason: NO_ENTITLEMENT });
  }
  return new AppError(
    "conflict",
    `${text}. The key lacks the scope custom-objects:read or custom-objects:write; make a new key and connect again.`,
  );
}
