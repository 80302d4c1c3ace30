import { AppError } from "../errors.ts";
import type { Listed, ListPart } from "../webhooks/webhook-store.ts";
import type { Webhooks } from "../webhooks/webhooks.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import { readNewWebhook, readWebhookChanges } from "./webhook-body.ts";
import { webhookObject, webhookResultObject } from "./webhook-object.ts";

/** What stands behind the `?` of an address. */
type Query = Readonly<Record<string, string | undefined>>;

export interface WebhookApiDependencies {
  readonly answer: AnswerCall;
  readonly webhooks: Webhooks;
}

export type WebhookApi = ReturnType<typeof createWebhookApi>;

const PER_PAGE = 25;
const MAX_PER_PAGE = 100;

/** PassNinja's calls about webhooks, and changing and trying one. */
export function createWebhookApi({ answer, webhooks }: WebhookApiDependencies) {
  return {
    create: (call: ApiCall) =>
      answer(call, "manage", async (accountId, raw) => {
        const { webhook, bearerToken, signingSecret } = await webhooks.create(accountId, readNewWebhook(raw));
        return { ...webhookObject(webhook), bearerToken, signingSecret };
      }),

    list: (call: ApiCall, query: Query) =>
      answer(call, "read", async (accountId) => {
        const part = readPart(query);
        const template = query["passTemplate"] || query["pass_template"] || undefined;
        const listed = await webhooks.list(accountId, template, part);
        return { webhooks: listed.rows.map(webhookObject), ...paging(part, listed) };
      }),

    get: (call: ApiCall, id: string) =>
      answer(call, "read", async (accountId) => webhookObject(await webhooks.get(accountId, id))),

    update: (call: ApiCall, id: string) =>
      answer(call, "manage", async (accountId, raw) =>
        webhookObject(await webhooks.update(accountId, id, readWebhookChanges(raw))),
      ),

    remove: (call: ApiCall, id: string) =>
      answer(call, "manage", async (accountId) => {
        await webhooks.remove(accountId, id);
        return {};
      }),

    results: (call: ApiCall, id: string, query: Query) =>
      answer(call, "read", async (accountId) => {
        const part = readPart(query);
        const listed = await webhooks.results(accountId, id, part);
        return { webhookResults: listed.rows.map(webhookResultObject), ...paging(part, listed) };
      }),

    /** Answers what the receiver answered. */
    test: (call: ApiCall, id: string) =>
      answer(call, "manage", async (accountId) => webhookResultObject(await webhooks.test(accountId, id))),
  };
}

/** `page` counts from 1; a page has 100 rows at most. */
function readPart(query: Query): ListPart {
  const page = readNumber(query, "page") ?? 1;
  const limit = Math.min(MAX_PER_PAGE, readNumber(query, "perPage", "per_page") ?? PER_PAGE);
  return { offset: (page - 1) * limit, limit };
}

function readNumber(query: Query, ...names: readonly string[]): number | undefined {
  const [name, text] = names.map((name) => [name, query[name]] as const).find(([, text]) => text) ?? [];
  if (name === undefined || text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  const details = [{ path: name, message: "must be a whole number from 1" }];
  throw new AppError("invalid", `${name} must be a whole number from 1, not ${JSON.stringify(text)}.`, { details });
}

const paging = ({ offset, limit }: ListPart, { total }: Pick<Listed<unknown>, "total">) => ({
  page: offset / limit + 1,
  perPage: limit,
  total,
});
