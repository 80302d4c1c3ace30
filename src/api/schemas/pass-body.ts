import { Type } from "@sinclair/typebox";

/** What a template engine may have made of a value (`klaviyo/template-text.ts`). */
const TemplateValue = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], {
  $id: "TemplateValue",
  description: "Trimmed and HTML-unescaped once. Blank, `None`, `null` and a tag that was not rendered are no value.",
});

const FieldValue = Type.Union(
  [
    TemplateValue,
    Type.Object(
      { add: Type.Union([Type.String(), Type.Number()]) },
      { description: "Adds to the number that the field has, or takes from it with a minus. Blank, it is refused." },
    ),
  ],
  { $id: "FieldValue" },
);

const Identifier = (description: string) =>
  Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()], { description }));

export const RecipientBody = Type.Object(
  {
    email: Identifier("Any case."),
    name: Identifier("What the pass may show."),
    phone: Identifier("With its country code."),
    externalId: Identifier(
      "The profile's `external_id` at Klaviyo; a serial number of ours means the holder of that pass.",
    ),
    klaviyoId: Identifier("Id of the profile at Klaviyo."),
  },
  {
    additionalProperties: false,
    $id: "GivenRecipient",
    description:
      "Whom a pass is for. The strongest identifier that is known decides: `klaviyoId`, `externalId`, `email`, `phone`. An address or a number that is none is left out with a note on the pass.",
  },
);

const pass = Type.Record(Type.String(), FieldValue, { description: "The template's fields by name; `{}` for none." });
const idempotencyKey = Type.Optional(
  Type.String({ description: "Names this delivery for a week, where there is no `Idempotency-Key` header." }),
);
const TEMPLATE = "Id of the template. One of `passTemplate` and `passType` is needed; they are the same.";

export const IssueBody = Type.Object(
  {
    passTemplate: Type.Optional(Type.String({ description: TEMPLATE })),
    passType: Type.Optional(Type.String({ description: TEMPLATE })),
    pass,
    recipient: Type.Optional(RecipientBody),
    idempotencyKey,
  },
  { $id: "PassToIssue" },
);

export const ChangeBody = Type.Object({ pass, idempotencyKey }, { $id: "PassChange" });

export const PersonChangeBody = Type.Object(
  { recipient: RecipientBody, pass, idempotencyKey },
  { $id: "PersonPassChange" },
);

export const PersonBody = Type.Object({ recipient: RecipientBody }, { $id: "PersonReference" });
