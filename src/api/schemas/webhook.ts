import { type Static, Type } from "@sinclair/typebox";
import { literals } from "../../templates/definition.ts";
import { KNOWN_EVENT_TYPES } from "../../webhooks/webhook.ts";
import { nullable, strict, Time, Url } from "./common.ts";

const webhook = {
  id: Type.String(),
  name: Type.String(),
  url: Url,
  authMethod: Type.Literal("bearer_token"),
  subscribedEvents: Type.Array(literals(KNOWN_EVENT_TYPES)),
  passTemplate: nullable(Type.String({ description: "Its passes only; `null`: those of every template." })),
  active: Type.Boolean({ description: "Whether anything is sent to it." }),
  createdAt: Time,
  updatedAt: Time,
  includeValues: Type.Boolean({ description: "Whether deliveries carry the values of the pass's fields." }),
  inactiveReason: nullable(Type.String({ description: "Why the server switched it off." })),
  failingSince: nullable(Time),
  pausedUntil: nullable(Time),
};

/** A webhook as PassNinja's API shows it; from `includeValues` on, in our own words. */
export const WebhookObject = Type.Object(webhook, { ...strict, $id: "Webhook" });
export type WebhookObject = Static<typeof WebhookObject>;

export const NewWebhookObject = Type.Object(
  {
    ...webhook,
    bearerToken: Type.String({ description: "Sent with each delivery. In this answer only." }),
    signingSecret: Type.String({
      description:
        "For checking signatures ([Standard Webhooks](https://www.standardwebhooks.com)). In this answer only.",
    }),
  },
  { ...strict, $id: "NewWebhook" },
);

const paging = {
  page: Type.Integer({ minimum: 1 }),
  perPage: Type.Integer({ minimum: 1 }),
  total: Type.Integer({ minimum: 0, description: "Of all pages." }),
};

export const WebhookList = Type.Object(
  { webhooks: Type.Array(WebhookObject), ...paging },
  { ...strict, $id: "WebhookList" },
);

/** What came of a delivery, as PassNinja's API shows it; `eventId`, `eventType` and `error` are ours. */
export const WebhookResultObject = Type.Object(
  {
    id: Type.String(),
    webhookId: Type.String(),
    url: Url,
    responseStatus: nullable(Type.Integer({ description: "`null` where no answer came." })),
    responseBody: nullable(Type.String({ description: "The first 2 KB of it." })),
    success: Type.Boolean(),
    attempt: Type.Integer({ minimum: 1 }),
    createdAt: Time,
    updatedAt: Time,
    eventId: Type.String({ description: "The same at every try." }),
    eventType: Type.String(),
    error: nullable(Type.String({ description: "Why no answer came." })),
  },
  { ...strict, $id: "WebhookResult" },
);
export type WebhookResultObject = Static<typeof WebhookResultObject>;

export const WebhookResultList = Type.Object(
  { webhookResults: Type.Array(WebhookResultObject), ...paging },
  { ...strict, $id: "WebhookResultList" },
);

const url = Type.String({ description: "Where events are posted to: `https`, on the public internet." });
const subscribedEvents = Type.Array(Type.String(), {
  description: `Of ${KNOWN_EVENT_TYPES.map((type) => `\`${type}\``).join(", ")}; at least one.`,
});
const includeValues = Type.Boolean({ description: "Whether deliveries carry the values of the pass's fields." });

export const NewWebhookBody = Type.Object(
  {
    name: Type.String(),
    url,
    subscribedEvents,
    authMethod: Type.Optional(Type.String({ description: "Always `bearer_token`." })),
    passTemplate: Type.Optional(nullable(Type.String({ description: "Only the passes of this template." }))),
    includeValues: Type.Optional(includeValues),
  },
  { $id: "WebhookToMake" },
);

export const WebhookChangesBody = Type.Partial(
  Type.Object({
    active: Type.Boolean({ description: "Switching it off drops what waits; switching it on begins afresh." }),
    name: Type.String(),
    url,
    subscribedEvents,
    includeValues,
  }),
  { minProperties: 1, $id: "WebhookChange" },
);
