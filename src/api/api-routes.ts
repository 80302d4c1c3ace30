import type { AnyElysia } from "elysia";
import { type AnswerDependencies, createAnswerCall } from "./answer-call.ts";
import { createPassApi, type PassApiDependencies } from "./pass-api.ts";
import { createPassListApi, type PassListApiDependencies } from "./pass-list-api.ts";
import { passListRoutes } from "./pass-list-routes.ts";
import { passRoutes } from "./pass-routes.ts";
import { createTemplateApi, type TemplateApiDependencies } from "./template-api.ts";
import { templateRoutes } from "./template-routes.ts";
import { createWebhookApi, type WebhookApiDependencies } from "./webhook-api.ts";
import { webhookRoutes } from "./webhook-routes.ts";

export type ApiDependencies = AnswerDependencies &
  Omit<PassApiDependencies & PassListApiDependencies & TemplateApiDependencies & WebhookApiDependencies, "answer">;

/** Everything under `/v1`. */
export function apiRoutes(deps: ApiDependencies): AnyElysia[] {
  const withAnswer = { ...deps, answer: createAnswerCall(deps) };
  return [
    passRoutes(createPassApi(withAnswer)),
    passListRoutes(createPassListApi(withAnswer)),
    templateRoutes(createTemplateApi(withAnswer)),
    webhookRoutes(createWebhookApi(withAnswer)),
  ];
}
