import type { AnyElysia } from "elysia";
import { type AnswerDependencies, createAnswerCall } from "./answer-call.ts";
import { createPassApi, type PassApiDependencies } from "./pass-api.ts";
import { passRoutes } from "./pass-routes.ts";

/** Everything under `/v1`. */
export function apiRoutes(deps: AnswerDependencies & Omit<PassApiDependencies, "answer">): AnyElysia[] {
  const answer = createAnswerCall(deps);
  return [passRoutes(createPassApi({ ...deps, answer }))];
}
