import { Type } from "@sinclair/typebox";
import type { Parameter } from "../openapi/operation.ts";
import { EMAIL, SERIAL, TEMPLATE_ID, WEBHOOK_ID } from "./examples.ts";

export const TEMPLATE_IN_PATH: Parameter = {
  name: "template",
  in: "path",
  description: "Id of the template, in any case and with leading zeros.",
  schema: Type.String(),
  example: TEMPLATE_ID,
};

export const SERIAL_IN_PATH: Parameter = {
  name: "serial",
  in: "path",
  description: "Serial number of the pass.",
  schema: Type.String(),
  example: SERIAL,
};

export const WEBHOOK_IN_PATH: Parameter = {
  name: "id",
  in: "path",
  description: "Id of the webhook.",
  schema: Type.String(),
  example: WEBHOOK_ID,
};

export const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  description: "Names this delivery for a week; counts before `idempotencyKey` in the body.",
  schema: Type.String(),
};

export const FLOW: Parameter = {
  name: "X-Klaviyo-Flow-Id",
  in: "header",
  description: "Which flow sent it, for the history. Klaviyo sends it by itself.",
  schema: Type.String(),
};

/** One of them names the person; the strongest that is known decides. */
export const PERSON_IN_QUERY: readonly Parameter[] = [
  { name: "email", in: "query", description: "Email address.", schema: Type.String(), example: EMAIL },
  { name: "phone", in: "query", description: "Phone number with its country code.", schema: Type.String() },
  { name: "externalId", in: "query", description: "External id of the profile.", schema: Type.String() },
  { name: "klaviyoId", in: "query", description: "Klaviyo's id of the profile.", schema: Type.String() },
];
