import { Type } from "@sinclair/typebox";
import type { Operation, Parameter } from "../openapi/operation.ts";
import { invalid, notFound } from "../openapi/refusal.ts";
import { Empty } from "../schemas/common.ts";
import {
  NewWebhookBody,
  NewWebhookObject,
  WebhookChangesBody,
  WebhookList,
  WebhookObject,
  WebhookResultList,
  WebhookResultObject,
} from "../schemas/webhook.ts";
import { TEMPLATE_ID, WEBHOOK, WEBHOOK_RESULT } from "./examples.ts";
import { WEBHOOK_IN_PATH } from "./parameters.ts";

const TAG = "Webhooks";
const NO_SUCH_WEBHOOK = notFound("There is no such webhook.", 'There is no webhook "whk_0".');

const PAGE: readonly Parameter[] = [
  { name: "page", in: "query", description: "Counts from 1.", schema: Type.Integer({ minimum: 1, default: 1 }) },
  {
    name: "perPage",
    in: "query",
    description: "Rows of a page, at most 100. `per_page` is as good.",
    schema: Type.Integer({ minimum: 1, default: 25 }),
  },
];
const NOT_A_PAGE = invalid(
  "`page` or `perPage` is no whole number from 1.",
  'page must be a whole number from 1, not "x".',
  [{ path: "page", message: "must be a whole number from 1" }],
);
const CANNOT_BE_STORED = invalid(
  "The body is not JSON, an event is unknown, or the address is not one that deliveries may go to.",
  'The webhook cannot be stored: subscribedEvents holds "pn.pass.instaled", which is never sent (did you mean "pn.pass.installed"?).',
  [
    {
      path: "subscribedEvents",
      message: 'holds "pn.pass.instaled", which is never sent (did you mean "pn.pass.installed"?)',
    },
  ],
);

export const createWebhook: Operation = {
  operationId: "createWebhook",
  tag: TAG,
  summary: "Make a webhook",
  description: "From now on events are posted to its address. The two secrets are in this answer only.",
  permission: "manage",
  body: {
    schema: NewWebhookBody,
    examples: {
      till: {
        summary: "A till that is told of installs",
        value: {
          name: WEBHOOK.name,
          url: WEBHOOK.url,
          subscribedEvents: WEBHOOK.subscribedEvents,
          passTemplate: TEMPLATE_ID,
        },
      },
    },
  },
  answers: [
    {
      description: "The webhook with its secrets.",
      schema: NewWebhookObject,
      example: {
        ...WEBHOOK,
        bearerToken: "whb_DAIjqaoH9KilC4o1NaWFVsV31yBk3dcRCRCgNWTnsD8",
        signingSecret: "whsec_qpdogtIyRRPEQObCZq3tYXqnr6n6P130Dm60HYhGFy8=",
      },
    },
  ],
  refusals: [CANNOT_BE_STORED, notFound("There is no such template.", 'There is no template "ptk_0x2".')],
};

export const listWebhooks: Operation = {
  operationId: "listWebhooks",
  tag: TAG,
  summary: "List webhooks",
  description: "In the order in which they were made.",
  permission: "read",
  parameters: [
    ...PAGE,
    {
      name: "passTemplate",
      in: "query",
      description: "Those of this template only. `pass_template` is as good.",
      schema: Type.String(),
    },
  ],
  answers: [
    {
      description: "A page of them.",
      schema: WebhookList,
      example: { webhooks: [WEBHOOK], page: 1, perPage: 25, total: 1 },
    },
  ],
  refusals: [NOT_A_PAGE],
};

export const getWebhook: Operation = {
  operationId: "getWebhook",
  tag: TAG,
  summary: "Look at a webhook",
  description: "`failingSince` and `pausedUntil` say how its receiver does.",
  permission: "read",
  parameters: [WEBHOOK_IN_PATH],
  answers: [{ description: "The webhook.", schema: WebhookObject, example: WEBHOOK }],
  refusals: [NO_SUCH_WEBHOOK],
};

export const updateWebhook: Operation = {
  operationId: "updateWebhook",
  tag: TAG,
  summary: "Change a webhook",
  description: "Changes what is named. Another address, or switching it on, begins afresh after failures.",
  permission: "manage",
  parameters: [WEBHOOK_IN_PATH],
  body: {
    schema: WebhookChangesBody,
    examples: {
      off: { summary: "Switching it off", value: { active: false } },
      events: { summary: "Other events", value: { subscribedEvents: ["pn.pass.updated"], includeValues: true } },
    },
  },
  answers: [
    { description: "The webhook as it is now.", schema: WebhookObject, example: { ...WEBHOOK, active: false } },
  ],
  refusals: [CANNOT_BE_STORED, NO_SUCH_WEBHOOK],
};

export const deleteWebhook: Operation = {
  operationId: "deleteWebhook",
  tag: TAG,
  summary: "Remove a webhook",
  description: "Its results, and what waits to be sent to it, go with it.",
  permission: "manage",
  parameters: [WEBHOOK_IN_PATH],
  answers: [{ description: "Nothing is left to say.", schema: Empty, example: {} }],
  refusals: [NO_SUCH_WEBHOOK],
};

export const listWebhookResults: Operation = {
  operationId: "listWebhookResults",
  tag: TAG,
  summary: "See what came of deliveries",
  description: "Every try with what the receiver answered, the newest first; of 30 days, and the last thousand.",
  permission: "read",
  parameters: [WEBHOOK_IN_PATH, ...PAGE],
  answers: [
    {
      description: "A page of results.",
      schema: WebhookResultList,
      example: { webhookResults: [WEBHOOK_RESULT], page: 1, perPage: 25, total: 1 },
    },
  ],
  refusals: [NOT_A_PAGE, NO_SUCH_WEBHOOK],
};

export const testWebhook: Operation = {
  operationId: "testWebhook",
  tag: TAG,
  summary: "Send a ping",
  description:
    "Sends `pn.webhook.ping` now and answers what came of it within ten seconds, also where the webhook is switched off. One that is taken ends a pause.",
  permission: "manage",
  parameters: [WEBHOOK_IN_PATH],
  answers: [
    {
      description: "What came of it; `success` says whether it was taken.",
      schema: WebhookResultObject,
      example: WEBHOOK_RESULT,
    },
  ],
  refusals: [NO_SUCH_WEBHOOK],
};
