import type { PassObject } from "../../src/api/pass-object.ts";
import type { webhookObject, webhookResultObject } from "../../src/api/webhook-object.ts";
import type { Log } from "../../src/log.ts";
import type { JobRow } from "../../src/outbox/outbox-store.ts";
import { KNOWN_EVENT_TYPES } from "../../src/webhooks/webhook.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

export type WebhookObject = ReturnType<typeof webhookObject>;
export type ResultObject = ReturnType<typeof webhookResultObject>;
export type CreatedWebhook = WebhookObject & { readonly bearerToken: string; readonly signingSecret: string };

/** A shop at work, somebody whom it can tell of its passes, and the API as its owner calls it. */
export interface WebhookShop extends AsyncDisposable {
  readonly shop: TestApp;
  readonly receiver: Receiver;
  readonly template: string;
  /** A call with the right key. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The same for one that must succeed, as JSON. */
  answerTo<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** A webhook to the receiver, told of everything unless `more` says otherwise. */
  subscribe(more?: Readonly<Record<string, unknown>>): Promise<CreatedWebhook>;
  /** A pass of a new customer; what follows is done when this resolves, as far as it can be done now. */
  issue(values?: Readonly<Record<string, string>>): Promise<PassObject>;
  setPoints(pass: PassObject, points: number): Promise<void>;
  /** Adds the pass to a phone, or takes it away. */
  phone(pass: PassObject, method: "POST" | "DELETE"): Promise<void>;
  /** Moves time on, and does what has come due. */
  advance(ms: number): Promise<void>;
  jobs(): Promise<JobRow[]>;
  /** What came of deliveries, the newest first. */
  results(webhook: WebhookObject): Promise<readonly ResultObject[]>;
}

const TYPE = "pass.dev.passhook.demo";
/** How often the outbox looks for what has come due. */
const POLL_MS = 1_000;
let customers = 0;

export async function startWebhookShop(options: { log?: Log; working?: boolean } = {}): Promise<WebhookShop> {
  const receiver = await startReceiver();
  const shop = await startTestApp({ receiver, ...(options.log ? { log: options.log } : {}) });
  const template = await shop.pushGallery("points-card");
  const settle = async () => {
    if (options.working !== false) await shop.app.worker.idle();
  };
  if (options.working !== false) shop.app.worker.start();
  await settle();

  const call: WebhookShop["call"] = (method, path, body, headers = {}) =>
    shop.request(path, {
      method,
      headers: {
        "content-type": "application/json",
        "x-api-key": shop.apiKey,
        "x-account-id": shop.accountId,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const answerTo = async <T>(method: string, path: string, body?: unknown) => {
    const response = await call(method, path, body);
    if (response.status !== 200) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  return {
    shop,
    receiver,
    template,
    call,
    answerTo,
    subscribe: (more = {}) =>
      answerTo("POST", "/v1/webhooks", {
        name: "Warehouse",
        url: receiver.url,
        subscribedEvents: KNOWN_EVENT_TYPES,
        ...more,
      }),
    async issue(values = {}) {
      const recipient = { email: `customer-${++customers}@example.com` };
      const pass = await shop.issue({ passTemplate: template, pass: values, recipient });
      await settle();
      return pass;
    },
    async setPoints({ serialNumber }, points) {
      await answerTo("PATCH", `/v1/passes/${template}/${serialNumber}`, { pass: { "points-balance": points } });
      await settle();
    },
    async phone({ serialNumber }, method) {
      const response = await shop.request(`/passkit/v1/devices/phone/registrations/${TYPE}/${serialNumber}`, {
        method,
        headers: { authorization: `ApplePass ${shop.app.vault.authenticationToken(serialNumber)}` },
        ...(method === "POST" ? { body: JSON.stringify({ pushToken: "0".repeat(64) }) } : {}),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      await settle();
    },
    async advance(ms) {
      // In one leap: a job that is taken on the way would have lost its lease at the end.
      shop.clock.set(shop.clock.now() + ms - POLL_MS);
      shop.clock.advance(POLL_MS);
      await settle();
    },
    jobs: async () => {
      const { items } = await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 1_000 });
      return items.filter(({ kind }) => kind === "webhook.delivery");
    },
    async results({ id }) {
      type Page = { readonly webhookResults: readonly ResultObject[] };
      return (await answerTo<Page>("GET", `/v1/webhooks/${id}/results?perPage=100`)).webhookResults;
    },
    async [Symbol.asyncDispose]() {
      await shop[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}
