import type { Answer, Operation } from "../openapi/operation.ts";
import { conflict, invalid, notFound } from "../openapi/refusal.ts";
import { Empty } from "../schemas/common.ts";
import {
  CreateTemplateBody,
  RequiredKeys,
  TemplateFields,
  TemplateList,
  TemplateObject,
  UpdateTemplateBody,
} from "../schemas/template.ts";
import { TEMPLATE, TEMPLATE_ID, TEMPLATE_SUMMARY } from "./examples.ts";
import { TEMPLATE_IN_PATH } from "./parameters.ts";

const TAG = "Templates";
const NO_SUCH_TEMPLATE = notFound("There is no such template.", 'There is no template "ptk_0x2".');

const templateAnswer = (description: string, changes: Partial<typeof TEMPLATE> = {}): Answer => ({
  description,
  schema: TemplateObject,
  example: { ...TEMPLATE, ...changes },
});

export const listTemplates: Operation = {
  operationId: "listTemplates",
  tag: TAG,
  summary: "List templates",
  description:
    "All templates of the account. `issuedPassCount` is all passes that were ever issued, `installedPassCount` those that sit in a wallet now.",
  permission: "read",
  answers: [{ description: "The templates.", schema: TemplateList, example: { pass_templates: [TEMPLATE_SUMMARY] } }],
};

export const createTemplate: Operation = {
  operationId: "createTemplate",
  tag: TAG,
  summary: "Make a template",
  description:
    "A template of a name and a style, with PassNinja's default fields (`brand.text`, `background.color`, `primary.label`, `primary.value`, …) and a plain icon. What it looks like beyond that is made in its folder (`passhook template pull`).",
  permission: "manage",
  body: {
    schema: CreateTemplateBody,
    examples: {
      coupon: { summary: "A coupon", value: { name: "Autumn coupon", platform: "apple", style: "coupon" } },
    },
  },
  answers: [
    templateAnswer("The new template.", {
      name: "Autumn coupon",
      style: "coupon",
      ...{ issuedPassCount: 0, installedPassCount: 0, issued_pass_count: 0, installed_pass_count: 0 },
      fields: [
        {
          api_field_name: "brand.text",
          path: "brand.text",
          default_value: "Autumn coupon",
          visible: true,
          required: false,
        },
      ],
    }),
  ],
  refusals: [
    invalid(
      "The body is not JSON, has an unknown key, or asks for what is not there, such as a pass for Google Wallet.",
      "The request cannot be understood: platform cannot be google: Passhook makes passes for Apple Wallet only.",
      [{ path: "platform", message: "cannot be google: Passhook makes passes for Apple Wallet only" }],
    ),
  ],
};

export const getTemplate: Operation = {
  operationId: "getTemplate",
  tag: TAG,
  summary: "Look at a template",
  description: "The template with its fields and counts.",
  permission: "read",
  parameters: [TEMPLATE_IN_PATH],
  answers: [templateAnswer("The template.")],
  refusals: [NO_SUCH_TEMPLATE],
};

const change = (operationId: string, summary: string, description: string): Operation => ({
  ...{ operationId, tag: TAG, summary, description },
  permission: "manage",
  parameters: [TEMPLATE_IN_PATH],
  body: {
    schema: UpdateTemplateBody,
    examples: {
      change: {
        summary: "A new name, and other fields",
        value: {
          name: "Gold card",
          disable_sharing: { apple: true },
          fields: { "points-balance": { default_value: "100" }, "member-level": { api_field_name: "level" } },
        },
      },
    },
  },
  answers: [
    templateAnswer("The template as it is now.", {
      name: "Gold card",
      disable_sharing: { apple: true, google: false },
      fields: [
        { api_field_name: "member-name", path: "member-name", default_value: null, visible: true, required: true },
        {
          api_field_name: "points-balance",
          path: "points-balance",
          default_value: "100",
          visible: true,
          required: false,
        },
        { api_field_name: "level", path: "member-level", default_value: "Member", visible: true, required: false },
      ],
    }),
  ],
  refusals: [
    invalid(
      "The body is not JSON, has an unknown key, or the template would not work.",
      'The template cannot be changed: fields.points-balnce is not a field of this template (did you mean "points-balance"?).',
      [{ path: "fields.points-balnce", message: 'is not a field of this template (did you mean "points-balance"?)' }],
    ),
    NO_SUCH_TEMPLATE,
    conflict(
      "CONFLICT",
      "Somebody else changed it at the same time.",
      `Template ${TEMPLATE_ID} was changed by somebody else meanwhile; try again.`,
    ),
  ],
});

export const updateTemplate = change(
  "updateTemplate",
  "Change a template",
  "Changes its name, whether passes may be shared, and of each field the default, whether it is required, and its name. That makes a new version, checked like one that was pushed, and its passes move to it. A renamed field is still known by its former name: passes keep their values, and flows go on.",
);

export const updateTemplateByPut = change(
  "updateTemplateByPut",
  "Change a template by PUT",
  "The same as `PATCH`: what is not named stays as it is.",
);

export const deleteTemplate: Operation = {
  operationId: "deleteTemplate",
  tag: TAG,
  summary: "Delete a template and its passes",
  description: "The template is gone at once. Its passes end one by one, and their phones are told.",
  permission: "manage",
  parameters: [TEMPLATE_IN_PATH],
  answers: [{ description: "Nothing is left to say.", schema: Empty, example: {} }],
  refusals: [NO_SUCH_TEMPLATE],
};

export const getTemplateFields: Operation = {
  operationId: "getTemplateFields",
  tag: TAG,
  summary: "Look at a template's fields",
  description: "All fields that a pass of this template takes.",
  permission: "read",
  parameters: [TEMPLATE_IN_PATH],
  answers: [
    {
      description: "The fields.",
      schema: TemplateFields,
      example: {
        id: TEMPLATE_ID,
        platform: "apple",
        fields: TEMPLATE.fields.map(({ api_field_name, visible, required }) => ({ api_field_name, visible, required })),
      },
    },
  ],
  refusals: [NO_SUCH_TEMPLATE],
};

export const getRequiredKeys: Operation = {
  operationId: "getRequiredKeys",
  tag: TAG,
  summary: "See which fields are required",
  description:
    "The fields without which no pass is issued; one with a default is not among them. PassNinja's clients ask for this before they issue.",
  permission: "read",
  parameters: [TEMPLATE_IN_PATH],
  answers: [
    {
      description: "Names of the fields.",
      schema: RequiredKeys,
      example: { passType: TEMPLATE_ID, passTemplate: TEMPLATE_ID, keys: ["member-name"] },
    },
  ],
  refusals: [NO_SUCH_TEMPLATE],
};
