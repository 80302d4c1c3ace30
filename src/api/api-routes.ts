import type { AnyElysia } from "elysia";
import { type AnswerDependencies, createAnswerCall } from "./answer-call.ts";
import { createPassApi, type PassApiDependencies } from "./pass-api.ts";
import { passRoutes } from "./pass-routes.ts";
import { createWebhookApi, type WebhookApiDependencies } from "./webhook-api.ts";
import { webhookRoutes } from "./webhook-routes.ts";

export type ApiDependencies = AnswerDependencies & Omit<PassApiDependencies & WebhookApiDependencies, "answer">;

/** Everything under `/v1`. */
export function apiRoutes(deps: ApiDependencies): AnyElysia[] {
  const answer = createAnswerCall(deps);
  return [passRoutes(createPassApi({ ...deps, answer })), webhookRoutes(createWebhookApi({ ...deps, answer }))];
}
