import type { Accounts } from "../accounts/accounts.ts";
import type { Caller } from "../accounts/authenticate.ts";
import type { Permission } from "../accounts/permission.ts";
import { AppError } from "../errors.ts";
import type { RejectedStore } from "../passes/rejected-store.ts";

/** What a request carries, apart from HTTP. */
export interface ApiCall extends Caller {
  /** Method and path pattern, for the list of refused calls. */
  readonly route: string;
  readonly flowId: string | null;
  readonly idempotencyKey: string | null;
  /** The body's text; throws when it cannot be had. `onStart` sees its beginning all the same. */
  readText(onStart: (text: string) => void): Promise<string>;
}

export type AnswerCall = ReturnType<typeof createAnswerCall>;

export interface AnswerDependencies {
  readonly accounts: Accounts;
  readonly rejected: RejectedStore;
  readonly statusOfError: (error: unknown) => number;
}

/**
 * What every call of the API has in common: checks the key, reads the body, does the work. A call that is refused for
 * good is kept, because Klaviyo will not send it again.
 */
export function createAnswerCall({ accounts, rejected, statusOfError }: AnswerDependencies) {
  return async <T>(
    call: ApiCall,
    permission: Permission,
    work: (accountId: string, raw: string) => Promise<T>,
  ): Promise<T> => {
    let accountId: string | null = null;
    let body = "";
    try {
      // Read before the key is checked, so that a call with a wrong key can be kept whole.
      const keepStart = (text: string) => {
        body = text;
      };
      const raw = await call.readText(keepStart).catch((error: unknown) => ({ error }));
      ({ accountId } = await accounts.authenticate(call, permission));
      if (typeof raw !== "string") throw raw.error;
      return await work(accountId, raw);
    } catch (error) {
      const status = statusOfError(error);
      if (error instanceof AppError && status < 500 && status !== 429) {
        await rejected.keep({ accountId, route: call.route, flowId: call.flowId, status, error, body });
      }
      throw error;
    }
  };
}
