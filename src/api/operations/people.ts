import { Type } from "@sinclair/typebox";
import type { Answer, Operation, Parameter } from "../openapi/operation.ts";
import { invalid, notFound } from "../openapi/refusal.ts";
import { ErasureObject, KnownRecipientObject } from "../schemas/recipient.ts";
import { EMAIL, PASS, RECIPIENT, RECIPIENT_ID } from "./examples.ts";
import { PERSON_IN_QUERY } from "./parameters.ts";

const TAG = "People";

const ID_IN_PATH: Parameter = {
  name: "id",
  in: "path",
  description: "Id of the person here, as searching gives it.",
  schema: Type.String(),
  example: RECIPIENT_ID,
};

const NOT_ONE = invalid(
  "None or several are given, or one that cannot be read.",
  "Name the person by one of klaviyoId, externalId, email, phone.",
);
const NO_PARAMETERS = invalid("There is a parameter, and this call takes none.", 'The parameter "email" is not known.');
const NOBODY = notFound("Nobody is known by that.", "Nobody is known by that here.");

const PERSON: Answer = {
  description: "The person.",
  schema: KnownRecipientObject,
  example: { ...RECIPIENT, identifiers: [{ kind: "email", value: EMAIL }], passes: [PASS] },
};

const erased = (askedBy: string): Answer => ({
  description: "What was erased, and nothing of who it was.",
  schema: ErasureObject,
  example: {
    id: "ers_5q0x3m8c1k6v2n9b4h7t",
    askedBy,
    requestedBy: "API key 0a1b2c3d",
    erasedAt: PASS.createdAt,
    counts: {
      ...{ recipients: 1, passes: 1, writeBacks: 0, rejectedRequests: 0, sandboxRequests: 0 },
      ...{ fileLines: 0, deliveries: 0, webhookAnswers: 0, deviceMessages: 0 },
    },
    ...{ klaviyo: "waiting", klaviyoAt: null, klaviyoError: null },
  },
});

const ERASING =
  "Forgets the person for good: their passes end and are blanked, also on phones; names, identifiers and whatever mentions them go; Klaviyo is asked to forget the profile. Serial numbers stay, since none is ever used again. Doing it twice is as good as once. Backups made before still hold the person.";

export const getRecipient: Operation = {
  operationId: "getRecipient",
  tag: TAG,
  summary: "Look a person up",
  description: "By one identifier: what is known of them, and their passes.",
  permission: "read",
  parameters: PERSON_IN_QUERY,
  answers: [PERSON],
  refusals: [NOT_ONE, NOBODY],
};

export const getRecipientById: Operation = {
  operationId: "getRecipientById",
  tag: TAG,
  summary: "Look a person up by id",
  description: "What is known of them, and their passes.",
  permission: "read",
  parameters: [ID_IN_PATH],
  answers: [PERSON],
  refusals: [NO_PARAMETERS, NOBODY],
};

export const eraseRecipient: Operation = {
  operationId: "eraseRecipient",
  tag: TAG,
  summary: "Erase a person",
  description: `By one identifier. ${ERASING}`,
  permission: "manage",
  parameters: PERSON_IN_QUERY,
  answers: [erased("email")],
  refusals: [NOT_ONE, NOBODY],
};

export const eraseRecipientById: Operation = {
  operationId: "eraseRecipientById",
  tag: TAG,
  summary: "Erase a person by id",
  description: ERASING,
  permission: "manage",
  parameters: [ID_IN_PATH],
  answers: [erased("id")],
  refusals: [NO_PARAMETERS, NOBODY],
};
