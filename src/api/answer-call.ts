import type { Accounts } from "../accounts/accounts.ts";
import type { Caller } from "../accounts/authenticate.ts";
import type { Permission } from "../accounts/permission.ts";
import { AppError } from "../errors.ts";
import { createPlaces } from "../http/places.ts";
import type { ArrivedBody } from "../http/read-body.ts";
import type { RejectedStore } from "../passes/rejected-store.ts";

/** What a request carries, apart from HTTP. */
export interface ApiCall extends Caller {
  /** Method and path pattern, for the list of refused calls. */
  readonly route: string;
  /** The path itself, for a replay. */
  readonly path: string;
  readonly flowId: string | null;
  readonly idempotencyKey: string | null;
  /** The body's text; throws when it cannot be had. `onArrival` sees what came of it all the same. */
  readText(onArrival: (body: ArrivedBody) => void): Promise<string>;
}

export type AnswerCall = <T>(
  call: ApiCall,
  permission: Permission,
  work: (accountId: string, raw: string) => Promise<T>,
) => Promise<T>;

export interface AnswerDependencies {
  readonly accounts: Accounts;
  readonly rejected: RejectedStore;
  readonly statusOfError: (error: unknown) => number;
}

/**
 * So many are answered in 1.3 s at the measured rate of webhooks (docs/performance.md), and at half of it still well
 * within the five seconds that Klaviyo is assumed to wait. Bodies that are still arriving do not count: senders that
 * dawdle are not to keep others out.
 */
const MAX_AT_ONCE = 2_000;

/** Whether a call was refused for good. Other trouble passes, and Klaviyo sends the call again. */
export const isRefused = (error: unknown, status: number): error is AppError =>
  error instanceof AppError && status < 500 && status !== 429;

/**
 * What every call of the API has in common: checks the key, reads the body, does the work. A call that is refused for
 * good is kept, because Klaviyo will not send it again; one that only looks is not, for nothing is lost with it.
 */
export function createAnswerCall({ accounts, rejected, statusOfError }: AnswerDependencies): AnswerCall {
  const places = createPlaces(MAX_AT_ONCE);
  return async (call, permission, work) => {
    places.assertFree();
    let accountId: string | null = null;
    let body: ArrivedBody = { text: "", isWhole: true };
    try {
      // Read before the key is checked, so that a call with a wrong key can be kept whole.
      const onArrival = (arrived: ArrivedBody) => {
        body = arrived;
      };
      const raw = await call.readText(onArrival).catch((error: unknown) => ({ error }));
      return await places.occupy(async () => {
        ({ accountId } = await accounts.authenticate(call, permission));
        if (typeof raw !== "string") throw raw.error;
        return work(accountId, raw);
      });
    } catch (error) {
      const status = statusOfError(error);
      if (permission !== "read" && isRefused(error, status)) {
        // Where that is not possible now, the caller is asked to send it again.
        const { route, path, flowId, idempotencyKey } = call;
        const { text, isWhole } = body;
        await rejected.keep({ accountId, route, path, flowId, idempotencyKey, status, error, body: text, isWhole });
      }
      throw error;
    }
  };
}
