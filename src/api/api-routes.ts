import type { AnyElysia } from "elysia";
import { type AnswerDependencies, createAnswerCall } from "./answer-call.ts";
import { type BulkApiDependencies, createBulkApi } from "./bulk-api.ts";
import { bulkRoutes } from "./bulk-routes.ts";
import { createPassApi, type PassApiDependencies } from "./pass-api.ts";
import { createPassListApi, type PassListApiDependencies } from "./pass-list-api.ts";
import { passListRoutes } from "./pass-list-routes.ts";
import { passRoutes } from "./pass-routes.ts";
import { createRecipientApi, type RecipientApiDependencies } from "./recipient-api.ts";
import { recipientRoutes } from "./recipient-routes.ts";
import { createSearchApi, type SearchApiDependencies } from "./search-api.ts";
import { searchRoutes } from "./search-routes.ts";
import { createTemplateApi, type TemplateApiDependencies } from "./template-api.ts";
import { templateRoutes } from "./template-routes.ts";
import { createWebhookApi, type WebhookApiDependencies } from "./webhook-api.ts";
import { webhookRoutes } from "./webhook-routes.ts";

export type ApiDependencies = AnswerDependencies &
  Omit<
    PassApiDependencies &
      PassListApiDependencies &
      BulkApiDependencies &
      SearchApiDependencies &
      RecipientApiDependencies &
      TemplateApiDependencies &
      WebhookApiDependencies,
    "answer"
  >;

/** Everything under `/v1`. */
export function apiRoutes(deps: ApiDependencies): AnyElysia[] {
  const withAnswer = { ...deps, answer: createAnswerCall(deps) };
  return [
    passRoutes(createPassApi(withAnswer)),
    passListRoutes(createPassListApi(withAnswer)),
    bulkRoutes(createBulkApi(withAnswer)),
    searchRoutes(createSearchApi(withAnswer)),
    recipientRoutes(createRecipientApi(withAnswer)),
    templateRoutes(createTemplateApi(withAnswer)),
    webhookRoutes(createWebhookApi(withAnswer)),
  ];
}
