import { createHash } from "node:crypto";
import type { Accounts } from "../accounts/accounts.ts";
import { AppError } from "../errors.ts";
import type { Issuer } from "../passes/issue.ts";
import type { RejectedStore } from "../passes/rejected-store.ts";
import type { Templates } from "../templates/templates.ts";
import { readCreatePassBody } from "./create-pass-body.ts";
import { type PassObject, passObject } from "./pass-object.ts";

/** What a request to `POST /v1/passes` carries, apart from HTTP. */
export interface CreatePassCall {
  readonly apiKey: string | null;
  readonly accountId: string | null;
  readonly flowId: string | null;
  readonly idempotencyKey: string | null;
  /** The body's text; throws when it cannot be had. `onStart` sees its beginning all the same. */
  readText(onStart: (text: string) => void): Promise<string>;
}

export interface CreatePassDependencies {
  readonly accounts: Accounts;
  readonly templates: Templates;
  readonly issuer: Issuer;
  readonly rejected: RejectedStore;
  readonly publicUrl: string;
  readonly statusOfError: (error: unknown) => number;
}

const ROUTE = "POST /v1/passes";

/** Webhook in, pass out. A call that is refused for good is kept, because Klaviyo will not send it again. */
export function createPassIntake(deps: CreatePassDependencies): (call: CreatePassCall) => Promise<PassObject> {
  const { accounts, templates, issuer, rejected, publicUrl, statusOfError } = deps;

  async function accept(call: CreatePassCall, accountId: string, raw: string): Promise<PassObject> {
    const body = readCreatePassBody(raw);
    const template = await templates.current(accountId, body.templateId);
    body.assertTrustworthy(template.definition);
    const { pass } = await issuer.issue({
      accountId,
      template,
      given: body.given,
      recipient: body.recipient,
      idempotencyKey: call.idempotencyKey?.trim() || body.idempotencyKey,
      bodyHash: createHash("sha256")
        .update(`${call.flowId ?? ""}\n${raw}`)
        .digest("hex"),
      flowId: call.flowId ?? undefined,
      repaired: body.repaired,
    });
    return passObject(pass, template, publicUrl);
  }

  return async (call) => {
    let accountId: string | null = null;
    let body = "";
    try {
      // Read before the key is checked, so that a call with a wrong key can be kept whole.
      const raw = await call
        .readText((text) => {
          body = text;
        })
        .catch((error: unknown) => ({ error }));
      ({ accountId } = await accounts.authenticate(call.apiKey, call.accountId));
      if (typeof raw !== "string") throw raw.error;
      return await accept(call, accountId, raw);
    } catch (error) {
      const status = statusOfError(error);
      if (error instanceof AppError && status < 500 && status !== 429) {
        await rejected.keep({ accountId, route: ROUTE, flowId: call.flowId, status, error, body });
      }
      throw error;
    }
  };
}
