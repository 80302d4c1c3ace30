import { type Static, Type } from "@sinclair/typebox";
import { IDENTIFIER_KINDS } from "../../passes/recipient.ts";
import { literals } from "../../templates/definition.ts";
import { nullable, strict, Time } from "./common.ts";
import { PassObject } from "./pass.ts";

const text = nullable(Type.String());

const recipient = { id: Type.String(), name: text, email: text, phone: text, externalId: text, klaviyoId: text };

/** A recipient as the API shows it. */
export const RecipientObject = Type.Object(recipient, { ...strict, $id: "Recipient" });
export type RecipientObject = Static<typeof RecipientObject>;

export const FoundPass = Type.Object(
  { ...PassObject.properties, recipient: RecipientObject },
  { ...strict, $id: "FoundPass", description: "A pass with whom it is for." },
);

export const FoundPassList = Type.Object(
  {
    passes: Type.Array(FoundPass),
    next: nullable(Type.String({ description: "`after` of the page that follows; `null` on the last." })),
  },
  { ...strict, $id: "FoundPassList" },
);

/** A person with everything that they are known by, and their newest passes. */
export const KnownRecipientObject = Type.Object(
  {
    ...recipient,
    identifiers: Type.Array(Type.Object({ kind: literals(IDENTIFIER_KINDS), value: Type.String() }, strict), {
      description: "Everything that they are known by.",
    }),
    passes: Type.Array(PassObject, { description: "The newest first, a hundred at most." }),
  },
  { ...strict, $id: "KnownRecipient" },
);
export type KnownRecipientObject = Static<typeof KnownRecipientObject>;

const count = Type.Integer({ minimum: 0 });

/** That somebody was erased, and nothing of who it was. */
export const ErasureObject = Type.Object(
  {
    id: Type.String(),
    askedBy: literals([...IDENTIFIER_KINDS, "id"], { description: "What the person was named by." }),
    requestedBy: Type.String(),
    erasedAt: Time,
    counts: Type.Object(
      {
        recipients: count,
        passes: count,
        writeBacks: count,
        rejectedRequests: count,
        sandboxRequests: count,
        fileLines: count,
        deliveries: count,
        webhookAnswers: count,
        deviceMessages: count,
      },
      { ...strict, description: "How much was erased, by kind." },
    ),
    klaviyo: literals(["none", "waiting", "requested", "recorded"], {
      description:
        "What becomes of the profile at Klaviyo: `none` where it cannot be found by anything, `recorded` where the account is a sandbox.",
    }),
    klaviyoAt: nullable(Time),
    klaviyoError: nullable(Type.String({ description: "Why Klaviyo was not asked yet." })),
  },
  { ...strict, $id: "Erasure" },
);
