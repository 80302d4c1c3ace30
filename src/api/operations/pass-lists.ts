import { Type } from "@sinclair/typebox";
import type { Operation, Refusal } from "../openapi/operation.ts";
import { invalid, notFound } from "../openapi/refusal.ts";
import { BundleBody, BundleObject, PassJson, PassList } from "../schemas/pass.ts";
import { PASS, PASS_JSON, SERIAL } from "./examples.ts";
import { SERIAL_IN_PATH, TEMPLATE_IN_PATH } from "./parameters.ts";

const TAG = "Passes";
const NO_SUCH_TEMPLATE = notFound("There is no such template.", 'There is no template "ptk_0x2".');

export const listPasses: Operation = {
  operationId: "listPasses",
  tag: TAG,
  summary: "List a template's passes",
  description:
    "All of them, read while they are sent, so the list may be as long as it likes; with `limit` a page. Passes that have ended are not listed.",
  permission: "read",
  parameters: [
    TEMPLATE_IN_PATH,
    {
      name: "limit",
      in: "query",
      description: "Length of a page. Without it, all passes are answered.",
      schema: Type.Integer({ minimum: 1, maximum: 1_000 }),
      example: 100,
    },
    { name: "after", in: "query", description: "`next` of the page before.", schema: Type.String() },
  ],
  answers: [
    {
      description: "The passes, in the order of their serial numbers.",
      schema: PassList,
      example: { passes: [PASS], next: null },
    },
  ],
  refusals: [
    invalid("`limit` is no whole number from 1 to 1000.", "limit must be a whole number from 1 to 1000.", [
      { path: "limit", message: "must be a whole number from 1 to 1000" },
    ]),
    NO_SUCH_TEMPLATE,
  ],
};

export const getPassJson: Operation = {
  operationId: "getPassJson",
  tag: TAG,
  summary: "See what a phone gets",
  description: "`pass.json` as it stands in the pass's package now.",
  permission: "read",
  parameters: [TEMPLATE_IN_PATH, SERIAL_IN_PATH],
  answers: [{ description: "Apple's `pass.json`.", schema: PassJson, example: PASS_JSON }],
  refusals: [notFound("There is no such pass of this template.", "There is no such pass.")],
};

const GONE: Refusal = {
  ...{ status: 410, code: "GONE", when: "One of the passes has ended." },
  error: `Pass ${SERIAL} was deleted.`,
};

export const makeBundle: Operation = {
  operationId: "makeBundle",
  tag: TAG,
  summary: "Link to several passes at once",
  description:
    "A link to up to ten passes in one file (`.pkpasses`), which a phone adds together. It is good for a quarter of an hour.",
  permission: "read",
  body: {
    schema: BundleBody,
    examples: { passes: { summary: "By serial number", value: { serials: [SERIAL] } } },
  },
  answers: [
    {
      description: "The link.",
      schema: BundleObject,
      example: {
        url: "https://passes.example.com/p/bundles/v1.YXErTjYx_b-OSnvIuLCrq8oGSMt-rH7H7tUnv1tQWZ2X",
        expiresAt: "2026-11-21T12:15:00.000Z",
        serialNumbers: [SERIAL],
      },
    },
  ],
  refusals: [
    invalid("No passes are named, more than ten, or one twice.", "A pass is named twice."),
    notFound("One of them is not there.", "There is no such pass."),
    GONE,
  ],
};

/** Of PassNinja's API, and not of this server's. */
const decrypt = (operationId: string, summary: string, parameters: Operation["parameters"] = []): Operation => ({
  ...{ operationId, tag: "Not here", summary },
  description: "This server does not decrypt NFC payloads.",
  permission: "read",
  parameters,
  answers: [],
  refusals: [
    {
      ...{ status: 501, code: "NOT_IMPLEMENTED", when: "Always." },
      error: "Passhook does not decrypt NFC payloads.",
    },
  ],
});

export const decryptPayload = decrypt("decryptPayload", "Decrypt an NFC payload");
export const decryptPayloadOfTemplate = decrypt("decryptPayloadOfTemplate", "Decrypt one for a template", [
  TEMPLATE_IN_PATH,
]);
export const decryptPayloadOfPassType = decrypt("decryptPayloadOfPassType", "Decrypt one for a pass type", [
  TEMPLATE_IN_PATH,
]);
