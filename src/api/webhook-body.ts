import type { Static, TObject } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { AppError, type Problem } from "../errors.ts";
import { refusedWebhook } from "../webhooks/check-webhook.ts";
import { NewWebhookBody, WebhookChangesBody } from "./schemas/webhook.ts";

/** Reads the body of `POST /v1/webhooks`; what it does not know is passed over. Throws `invalid` with every problem. */
export function readNewWebhook(raw: string) {
  const { authMethod = "bearer_token", passTemplate, includeValues = false, ...input } = readBody(NewWebhookBody, raw);
  if (authMethod !== "bearer_token") {
    const message = `is "${authMethod}", but this server knows bearer_token only; besides, every delivery is signed`;
    throw refusedWebhook([{ path: "authMethod", message }]);
  }
  return { ...input, includeValues, ...(passTemplate ? { templateId: passTemplate } : {}) };
}

/** Reads the body of `PATCH /v1/webhooks/:id`. Throws `invalid` with every problem. */
export function readWebhookChanges(raw: string): Static<typeof WebhookChangesBody> {
  return readBody(WebhookChangesBody, raw);
}

function readBody<T extends TObject>(schema: T, raw: string): Static<T> {
  const body = Value.Clean(schema, parse(raw));
  if (Value.Check(schema, body)) return body;
  const problems = new Map<string, Problem>();
  for (const { path, message } of Value.Errors(schema, body)) {
    const name = path.slice(1) || "body";
    // Of what is missing, the first of two messages says that it is.
    if (problems.has(name)) continue;
    const known = Object.keys(schema.properties).join(", ");
    const text = path === "" ? `must be an object with some of ${known}` : message.replace(/^Expected/, "must be");
    problems.set(name, { path: name, message: text });
  }
  throw refusedWebhook([...problems.values()]);
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    throw new AppError("invalid", "The body is not JSON.");
  }
}
