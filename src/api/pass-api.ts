import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { readTemplateText } from "../klaviyo/template-text.ts";
import type { BundleLink, Bundles } from "../passes/bundles.ts";
import type { Origin } from "../passes/deliveries.ts";
import type { Issuer } from "../passes/issue.ts";
import type { RecipientInput } from "../passes/recipient.ts";
import type { PassReference } from "../passes/references.ts";
import type { FieldUpdate, Updater } from "../passes/update.ts";
import type { WholePass } from "../passes/whole-pass.ts";
import type { Templates } from "../templates/templates.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import {
  type ReadPassBody,
  readCreateBody,
  readPersonBody,
  readPersonQuery,
  readPersonUpdateBody,
  readSerials,
  readUpdateBody,
} from "./pass-body.ts";
import { type PassObject, passObject } from "./pass-object.ts";

/** A pass as its address names it. Without a serial number it is the newest of the person that the body names. */
export interface PassPath {
  readonly template: string;
  readonly serial?: string | undefined;
}

export interface PassApiDependencies {
  readonly answer: AnswerCall;
  readonly clock: Clock;
  readonly templates: Templates;
  readonly issuer: Issuer;
  readonly updater: Updater;
  readonly bundles: Bundles;
  readonly publicUrl: string;
}

export type PassApi = ReturnType<typeof createPassApi>;

/** PassNinja's calls about passes, and those that Klaviyo's flows need besides. */
export function createPassApi(deps: PassApiDependencies) {
  const { answer, clock, templates, issuer, updater, bundles, publicUrl } = deps;

  const show = ({ pass, template }: Pick<WholePass, "pass" | "template">) =>
    passObject(pass, template, publicUrl, clock.now());

  const referenceOf = (
    accountId: string,
    { template: templateId, serial }: PassPath,
    { recipient = {} }: { readonly recipient?: RecipientInput } = {},
  ): PassReference => (serial === undefined ? { accountId, templateId, recipient } : { accountId, templateId, serial });

  /** Which pass a call without values is about; where the address says it, the body does not matter. */
  async function meantBy(accountId: string, path: PassPath, raw: string): Promise<PassReference> {
    if (path.serial !== undefined) return referenceOf(accountId, path);
    const body = readPersonBody(raw);
    body.assertTrustworthy((await templates.current(accountId, path.template)).definition);
    return referenceOf(accountId, path, body);
  }

  return {
    create: (call: ApiCall): Promise<PassObject> =>
      answer(call, "issue", async (accountId, raw) => {
        const body = readCreateBody(raw);
        const template = await templates.current(accountId, body.templateId);
        body.assertTrustworthy(template.definition);
        const { given, recipient } = body;
        const { pass } = await issuer.issue({ accountId, template, given, recipient, ...originOf(call, raw, body) });
        return show({ pass, template });
      }),

    /** A person's pass where the address has a query instead of a serial number. */
    get: (call: ApiCall, path: PassPath, person: Readonly<Record<string, string>> = {}): Promise<PassObject> =>
      answer(call, "read", async (accountId) =>
        show(await updater.find(referenceOf(accountId, path, { recipient: readPersonQuery(person) }))),
      ),

    update: (call: ApiCall, path: PassPath, mode: FieldUpdate["mode"]): Promise<PassObject> =>
      answer(call, "issue", async (accountId, raw) => {
        const body: ReadPassBody & { recipient?: RecipientInput } =
          path.serial === undefined ? readPersonUpdateBody(raw) : readUpdateBody(raw);
        const { definition } = await templates.current(accountId, path.template);
        body.assertTrustworthy(definition);
        const change = { given: body.given, mode, ...originOf(call, raw, body) };
        return show(await updater.update(referenceOf(accountId, path, body), change));
      }),

    setVoided: (call: ApiCall, path: PassPath, voided: boolean): Promise<PassObject> =>
      answer(call, "issue", async (accountId, raw) =>
        show(await updater.setVoided(await meantBy(accountId, path, raw), voided)),
      ),

    setExpired: (call: ApiCall, path: PassPath, expired: boolean): Promise<PassObject> =>
      answer(call, "issue", async (accountId, raw) =>
        show(await updater.setExpired(await meantBy(accountId, path, raw), expired)),
      ),

    /** A link to several passes in one file. */
    bundle: (call: ApiCall): Promise<BundleLink> =>
      answer(call, "read", (accountId, raw) => bundles.link(accountId, readSerials(raw))),

    /** Deleting a second time is as good as the first. */
    remove: (call: ApiCall, path: PassPath) =>
      answer(call, "issue", async (accountId, raw) => {
        const removed = await updater.remove(await meantBy(accountId, path, raw));
        const { id, serialNumber, passTemplate, passType, status } = show(removed);
        return { id, serialNumber, passTemplate, passType, status };
      }),
  };
}

/** The header's key counts where there are two; either may have come blank or not rendered at all. */
function originOf(call: ApiCall, raw: string, { idempotencyKey, repaired }: ReadPassBody): Origin {
  const header = readTemplateText(call.idempotencyKey);
  return {
    idempotencyKey: header.kind === "text" ? header.text : idempotencyKey,
    bodyHash: createHash("sha256")
      .update(`${call.flowId ?? ""}\n${raw}`)
      .digest("hex"),
    flowId: call.flowId ?? undefined,
    repaired,
  };
}
