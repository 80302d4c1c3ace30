import { createHash } from "node:crypto";
import type { BundleLink, Bundles } from "../passes/bundles.ts";
import type { Issuer } from "../passes/issue.ts";
import type { FieldUpdate, PassReference, Updater } from "../passes/update.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { Templates } from "../templates/templates.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import { readCreateBody, readSerials, readUpdateBody } from "./pass-body.ts";
import { type PassObject, passObject } from "./pass-object.ts";

/** A pass as its address names it. */
export type PassPath = Pick<PassReference, "serial"> & { readonly template: string };

export interface PassApiDependencies {
  readonly answer: AnswerCall;
  readonly templates: Templates;
  readonly issuer: Issuer;
  readonly updater: Updater;
  readonly bundles: Bundles;
  readonly publicUrl: string;
}

export type PassApi = ReturnType<typeof createPassApi>;

/** PassNinja's calls about passes. */
export function createPassApi(deps: PassApiDependencies) {
  const { answer, templates, issuer, updater, bundles, publicUrl } = deps;

  const show = ({ pass, template }: Pick<WholePass, "pass" | "template">) => passObject(pass, template, publicUrl);

  const referenceOf = (accountId: string, { template, serial }: PassPath): PassReference => ({
    accountId,
    templateId: template,
    serial,
  });

  return {
    create: (call: ApiCall): Promise<PassObject> =>
      answer(call, "issue", async (accountId, raw) => {
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
      answer(call, "read", async (accountId) => show(await updater.find(referenceOf(accountId, path)))),

    update: (call: ApiCall, path: PassPath, mode: FieldUpdate["mode"]): Promise<PassObject> =>
      answer(call, "issue", async (accountId, raw) => {
        const body = readUpdateBody(raw);
        const template = await templates.current(accountId, path.template);
        body.assertTrustworthy(template.definition);
        return show(await updater.update(referenceOf(accountId, path), { given: body.given, mode }));
      }),

    /** A link to several passes in one file. */
    bundle: (call: ApiCall): Promise<BundleLink> =>
      answer(call, "read", (accountId, raw) => bundles.link(accountId, readSerials(raw))),

    /** Deleting a second time is as good as the first. */
    remove: (call: ApiCall, path: PassPath) =>
      answer(call, "issue", async (accountId) => {
        const { id, serialNumber, passTemplate, passType, status } = show(
          await updater.remove(referenceOf(accountId, path)),
        );
        return { id, serialNumber, passTemplate, passType, status };
      }),
  };
}
