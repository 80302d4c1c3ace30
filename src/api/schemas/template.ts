import { type Static, Type } from "@sinclair/typebox";
import { FIELD_NAME, literals, PASS_STYLES } from "../../templates/definition.ts";
import { STARTER_STYLES } from "../../templates/starter.ts";
import { nullable, strict, Time } from "./common.ts";

const count = Type.Integer({ minimum: 0 });

const summary = {
  id: Type.String({ description: "`ptk_0x` and hexadecimal digits." }),
  name: Type.String(),
  platform: Type.Literal("apple"),
  style: literals(PASS_STYLES),
  issuedPassCount: Type.Integer({ minimum: 0, description: "Passes that were ever issued." }),
  installedPassCount: Type.Integer({ minimum: 0, description: "Passes that sit in a wallet now." }),
  createdAt: Time,
  updatedAt: Time,
};

const TemplateSummary = Type.Object(summary, { ...strict, $id: "TemplateSummary" });

export const TemplateList = Type.Object(
  { pass_templates: Type.Array(TemplateSummary) },
  { ...strict, $id: "TemplateList" },
);
export type TemplateList = Static<typeof TemplateList>;

const TemplateField = Type.Object(
  {
    api_field_name: Type.String(),
    path: Type.String({ description: "The first name that the field had." }),
    default_value: nullable(Type.String()),
    visible: Type.Boolean({ description: "Whether it stands somewhere on the pass." }),
    required: Type.Boolean({ description: "Whether a pass cannot be issued without it." }),
  },
  { ...strict, $id: "TemplateField" },
);

const InstallConstraints = Type.Object(
  { device: Type.Boolean(), browser: Type.Boolean(), ip: Type.Boolean() },
  { ...strict, description: "Always false: Passhook does not limit where a pass is installed." },
);
const DisableSharing = Type.Object(
  { apple: Type.Boolean(), google: Type.Boolean() },
  { ...strict, description: "`apple` is `sharingProhibited` of pass.json; `google` is always false." },
);
const TopUp = Type.Object(
  {
    auto_recharge: Type.Boolean(),
    balance_trigger: nullable(Type.String()),
    top_up_target: nullable(Type.String()),
  },
  { ...strict, description: "PassNinja's billing; always the same here." },
);

/** A template. The counts appear in both casings, because clients differ in what they read. */
export const TemplateObject = Type.Object(
  {
    ...summary,
    pass_type_id: Type.String({ description: "Pass Type ID of the certificate that signs its passes." }),
    issued_pass_count: count,
    installed_pass_count: count,
    install_constraints: InstallConstraints,
    disable_sharing: DisableSharing,
    top_up: TopUp,
    fields: Type.Array(TemplateField),
  },
  {
    ...strict,
    $id: "Template",
    description: "A template. Its counts stand there in both casings, because PassNinja's clients differ.",
  },
);
export type TemplateObject = Static<typeof TemplateObject>;

export const TemplateFields = Type.Object(
  {
    id: summary.id,
    platform: summary.platform,
    fields: Type.Array(Type.Pick(TemplateField, ["api_field_name", "visible", "required"])),
  },
  { ...strict, $id: "TemplateFields" },
);
export type TemplateFields = Static<typeof TemplateFields>;

export const RequiredKeys = Type.Object(
  {
    passType: summary.id,
    passTemplate: summary.id,
    keys: Type.Array(Type.String(), { description: "Required fields that have no default." }),
  },
  { ...strict, $id: "RequiredKeys" },
);
export type RequiredKeys = Static<typeof RequiredKeys>;

const settings = {
  install_constraints: Type.Optional(Type.Partial(InstallConstraints)),
  disable_sharing: Type.Optional(Type.Partial(DisableSharing)),
  top_up: Type.Optional(Type.Partial(TopUp)),
};
const name = Type.String({ minLength: 1, maxLength: 100 });

export const CreateTemplateBody = Type.Object(
  { name, platform: Type.Literal("apple"), style: literals(STARTER_STYLES), ...settings },
  { ...strict, $id: "NewTemplate" },
);

const FieldChange = Type.Object(
  {
    default_value: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
    visible: Type.Optional(Type.Boolean({ description: "Must be as it is." })),
    required: Type.Optional(Type.Boolean()),
    api_field_name: Type.Optional(Type.String({ pattern: FIELD_NAME, description: "Renames the field." })),
  },
  { ...strict, $id: "FieldChange" },
);

export const UpdateTemplateBody = Type.Object(
  {
    name: Type.Optional(name),
    fields: Type.Optional(
      Type.Record(Type.String(), FieldChange, { description: "By the field's present or a former name." }),
    ),
    ...settings,
  },
  { ...strict, minProperties: 1, $id: "TemplateChange" },
);
export type UpdateTemplateBody = Static<typeof UpdateTemplateBody>;
