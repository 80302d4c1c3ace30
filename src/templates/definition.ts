import { type SchemaOptions, type Static, Type } from "@sinclair/typebox";

/** The types a template field can have; `field-values.ts` says what text each accepts. */
export const FIELD_TYPES = ["text", "number", "date", "boolean", "email", "phone", "url", "colour"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** The pass styles of Apple's pass.json: exactly one of these keys holds the field groups. */
export const PASS_STYLES = ["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"] as const;
export type PassStyle = (typeof PASS_STYLES)[number];

/** A field name is free text for PassNinja's clients; dots and hyphens are usual (`member-name`, `primary.value`). */
export const FIELD_NAME = "^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$";

/** One of these texts. */
export const literals = <const T extends readonly string[]>(values: T, options: SchemaOptions = {}) =>
  Type.Union(
    values.map((value) => Type.Literal(value as T[number])),
    options,
  );

export const FieldDefinition = Type.Object(
  {
    type: literals(FIELD_TYPES),
    label: Type.Optional(Type.String({ description: "What the field is called where people fill it in." })),
    required: Type.Optional(Type.Boolean({ description: "A pass cannot be issued without it. Default: false." })),
    default: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    example: Type.Optional(Type.String({ description: "A value for samples and previews." })),
    formerly: Type.Optional(
      Type.Array(Type.String({ pattern: FIELD_NAME }), {
        description: "Names it had before, oldest first: passes and flows that use them keep working.",
      }),
    ),
  },
  { additionalProperties: false },
);
export type FieldDefinition = Static<typeof FieldDefinition>;

/** What a phone can ask a customer for (Apple: "Personalize"); `PKPassPersonalizationField` before each is Apple's name. */
export const PERSONALIZATION_FIELDS = ["Name", "EmailAddress", "PhoneNumber", "PostalCode"] as const;
export type PersonalizationField = (typeof PERSONALIZATION_FIELDS)[number];

/** Sign-up for a rewards programme on the phone. Apple requires a certificate with NFC for it. */
export const Personalization = Type.Object(
  {
    description: Type.String({ minLength: 1, description: "What the customer signs up for." }),
    termsAndConditions: Type.Optional(Type.String({ description: "May hold links." })),
    fields: Type.Partial(
      Type.Object(
        Object.fromEntries(PERSONALIZATION_FIELDS.map((name) => [name, Type.String()])) as Record<
          PersonalizationField,
          ReturnType<typeof Type.String>
        >,
        { additionalProperties: false },
      ),
      {
        minProperties: 1,
        description: "What is asked for, and the template field that takes the answer; an empty name for none.",
      },
    ),
  },
  { additionalProperties: false },
);
export type Personalization = Static<typeof Personalization>;

/** `template.json` of a template folder. `pass` is Apple's own pass.json with `{{field-name}}` placeholders. */
export const TemplateDefinition = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    style: literals(PASS_STYLES),
    repeat: Type.Optional(
      Type.Union([Type.Literal("reuse"), Type.Literal("new")], {
        description: "reuse (default): one live pass per recipient. new: every delivery makes a pass.",
      }),
    ),
    passTypeIdentifier: Type.Optional(
      Type.String({
        pattern: "^pass\\.",
        description: "Which signing identity signs it. Default: the account's newest.",
      }),
    ),
    timeZone: Type.Optional(
      Type.String({ description: "IANA zone of dates that are given without one. Default: UTC." }),
    ),
    profilePropertyPrefix: Type.Optional(
      Type.String({
        pattern: "^[a-z][a-z0-9_]{0,39}$",
        description: "Prefix of the Klaviyo profile properties. Default: wallet_pass.",
      }),
    ),
    personalization: Type.Optional(Personalization),
    fields: Type.Record(Type.String({ pattern: FIELD_NAME }), FieldDefinition, { additionalProperties: false }),
    pass: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false },
);
export type TemplateDefinition = Static<typeof TemplateDefinition>;
