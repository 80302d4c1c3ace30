import { createHash } from "node:crypto";
import type { Accounts } from "../accounts/accounts.ts";
import { AppError } from "../errors.ts";
import type { BundleLink, Bundles } from "../passes/bundles.ts";
import type { Issuer } from "../passes/issue.ts";
import type { RejectedStore } from "../passes/rejected-store.ts";
import type { FieldUpdate, PassReference, Updater } from "../passes/update.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { Templates } from "../templates/templates.ts";
import { readCreateBody, readSerials, readUpdateBody } from "./pass-body.ts";
import { type PassObject, passObject } from "./pass-object.ts";

/** What a request carries, apart from HTTP. */
export interface ApiCall {
  /** Method and path pattern, for the list of refused calls. */
  readonly route: string;
  readonly apiKey: string | null;
  readonly accountId: string | null;
  readonly flowId: string | null;
  readonly idempotencyKey: string | null;
  /** The body's text; throws when it cannot be had. `onStart` sees its beginning all the same. */
  readText(onStart: (text: string) => void): Promise<string>;
}

/** A pass as its address names it. */
export type PassPath = Pick<PassReference, "serial"> & { readonly template: string };

export interface PassApiDependencies {
  readonly accounts: Accounts;
  readonly templates: Templates;
  readonly issuer: Issuer;
  readonly updater: Updater;
  readonly bundles: Bundles;
  readonly rejected: RejectedStore;
  readonly publicUrl: string;
  readonly statusOfError: (error: unknown) => number;
}

export type PassApi = ReturnType<typeof createPassApi>;

/** PassNinja's calls about passes. One that is refused for good is kept, because Klaviyo will not send it again. */
export function createPassApi(deps: PassApiDependencies) {
  const { accounts, templates, issuer, updater, bundles, rejected, publicUrl, statusOfError } = deps;

  const show = ({ pass, template }: Pick<WholePass, "pass" | "template">) => passObject(pass, template, publicUrl);

  /** Checks the key, reads the body, does the work; keeps the call when it is refused. */
  async function answer<T>(call: ApiCall, work: (accountId: string, raw: string) => Promise<T>): Promise<T> {
    let accountId: string | null = null;
    let body = "";
    try {
      // Read before the key is checked, so that a call with a wrong key can be kept whole.
      const keepStart = (text: string) => {
        body = text;
      };
      const raw = await call.readText(keepStart).catch((error: unknown) => ({ error }));
      ({ accountId } = await accounts.authenticate(call.apiKey, call.accountId));
      if (typeof raw !== "string") throw raw.error;
      return await work(accountId, raw);
    } catch (error) {
      const status = statusOfError(error);
      if (error instanceof AppError && status < 500 && status !== 429) {
        await rejected.keep({ accountId, route: call.route, flowId: call.flowId, status, error, body });
      }
      throw error;
    }
  }

  const referenceOf = (accountId: string, { template, serial }: PassPath): PassReference => ({
    accountId,
    templateId: template,
    serial,
  });

  return {
    create: (call: ApiCall): Promise<PassObject> =>
      answer(call, async (accountId, raw) => {
        const body = readCreateBody(raw);
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
        return show({ pass, template });
      }),

    get: (call: ApiCall, path: PassPath): Promise<PassObject> =>
      answer(call, async (accountId) => show(await updater.find(referenceOf(accountId, path)))),

    update: (call: ApiCall, path: PassPath, mode: FieldUpdate["mode"]): Promise<PassObject> =>
      answer(call, async (accountId, raw) => {
        const body = readUpdateBody(raw);
        const template = await templates.current(accountId, path.template);
        body.assertTrustworthy(template.definition);
        return show(await updater.update(referenceOf(accountId, path), { given: body.given, mode }));
      }),

    /** A link to several passes in one file. */
    bundle: (call: ApiCall): Promise<BundleLink> =>
      answer(call, (accountId, raw) => bundles.link(accountId, readSerials(raw))),

    /** Deleting a second time is as good as the first. */
    remove: (call: ApiCall, path: PassPath) =>
      answer(call, async (accountId) => {
        const { id, serialNumber, passTemplate, passType, status } = show(
          await updater.remove(referenceOf(accountId, path)),
        );
        return { id, serialNumber, passTemplate, passType, status };
      }),
  };
}
