import { Value } from "@sinclair/typebox/value";
import { KEY_SCOPES, type KeyScope } from "../../src/accounts/permission.ts";
import {
  EMAIL,
  JOB_ID,
  RECIPIENT_ID,
  SERIAL,
  TEMPLATE_ID,
  WEBHOOK,
  WEBHOOK_ID,
} from "../../src/api/operations/examples.ts";
import type { KnownRecipientObject } from "../../src/api/schemas/recipient.ts";
import type { Log } from "../../src/log.ts";
import { TemplateDefinition } from "../../src/templates/definition.ts";
import { readGalleryTemplate } from "../../src/templates/folder.ts";
import { pointsCard } from "../../src/templates/gallery/points-card.ts";
import { startTestApp, type TestApp } from "./app.ts";
import { type KnownDocument, type KnownOperation, readDocument } from "./openapi.ts";
import { startReceiver } from "./receiver.ts";

/** A call as the document describes it. */
export interface DocumentedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

export interface ExampleBody {
  readonly name: string;
  readonly mediaType: string;
  readonly value: unknown;
}

export interface DocumentedAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly headers: Headers;
  /** As the examples have it: with their ids. Text where it is no JSON. */
  readonly body: unknown;
}

/** An account in which there is what the examples are about, under ids of its own. */
export interface Scene {
  readonly accountId: string;
  readonly keys: Readonly<Record<KeyScope, string>>;
  /** What the documented ids are here. */
  readonly ids: Readonly<Record<string, string>>;
  /** The operation's example, with a key that just suffices and the first of its bodies, unless another is given. */
  callOf(operation: KnownOperation, body?: ExampleBody): DocumentedCall;
  /** Sends it with the scene's ids in the place of the documented ones; `to` another server than the scene's own. */
  send(call: DocumentedCall, to?: TestApp): Promise<DocumentedAnswer>;
}

export interface DocumentedShop extends AsyncDisposable {
  readonly shop: TestApp;
  readonly known: KnownDocument;
  prepareScene(): Promise<Scene>;
}

const JSON_TYPE = "application/json";

/** A server whose calls can be made as its document says. */
export async function startDocumentedShop(options: { readonly log?: Log } = {}): Promise<DocumentedShop> {
  const receiver = await startReceiver();
  receiver.reactAlways({ status: 200, body: "ok" });
  const shop = await startTestApp({ ...options, receiver });
  shop.app.worker.start();
  return {
    shop,
    known: await readDocument(shop),
    prepareScene: () => prepareScene(shop, receiver.url),
    async [Symbol.asyncDispose]() {
      await shop[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}

async function prepareScene(shop: TestApp, receiverUrl: string): Promise<Scene> {
  const { id: accountId } = await shop.app.accounts.create("Fennimore Coffee");
  const keys = {} as Record<KeyScope, string>;
  for (const scope of KEY_SCOPES) keys[scope] = (await shop.app.accounts.createKey(accountId, scope, { scope })).apiKey;
  const headersFor = (scope: KeyScope) => ({ "x-api-key": keys[scope], "x-account-id": accountId });

  const ids = new Map([[WEBHOOK.url, receiverUrl]]);
  const actual = (text: string) => [...ids].reduce((all, [documented, own]) => all.replaceAll(documented, own), text);
  const asDocumented = (text: string) =>
    [...ids].reduce((all, [documented, own]) => all.replaceAll(own, documented), text);

  const send: Scene["send"] = async ({ method, path, headers, body }, to = shop) => {
    const response = await to.request(actual(path), {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === "string" ? actual(body) : body }),
    });
    const mediaType = response.headers.get("content-type")?.split(";")[0] ?? "";
    const text = asDocumented(await response.text());
    const answer = mediaType === JSON_TYPE ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, mediaType, body: answer };
  };

  async function call<T>(method: string, path: string, body?: unknown, mediaType = JSON_TYPE): Promise<T> {
    const headers = { ...headersFor("all"), "content-type": mediaType };
    const text = mediaType === JSON_TYPE ? JSON.stringify(body) : String(body);
    const answer = await send({ method, path, headers, ...(body !== undefined && { body: text }) });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body as T;
  }
  ids.set(TEMPLATE_ID, await pushPointsCard(shop, accountId));
  // The pass comes from a file, so that there is the job of one, too, with a line that was refused.
  const lines = [
    {
      pass: { "member-name": "Sarah Miller", "points-balance": 70 },
      recipient: { email: EMAIL, name: "Sarah Miller" },
    },
    { pass: {} },
  ].map((line) => JSON.stringify(line));
  const file = `/v1/passes/bulk?mode=issue&template=${TEMPLATE_ID}`;
  ids.set(JOB_ID, (await call<{ id: string }>("POST", file, lines.join("\n"), "application/x-ndjson")).id);
  await shop.app.worker.idle();
  const { id, passes } = await call<KnownRecipientObject>("GET", `/v1/recipients?email=${EMAIL}`);
  ids.set(RECIPIENT_ID, id);
  ids.set(SERIAL, passes[0]?.serialNumber ?? "");
  const { name, url, subscribedEvents } = WEBHOOK;
  const webhook = { name, url, subscribedEvents, passTemplate: TEMPLATE_ID };
  ids.set(WEBHOOK_ID, (await call<{ id: string }>("POST", "/v1/webhooks", webhook)).id);
  await call("POST", `/v1/webhooks/${WEBHOOK_ID}/test`);

  return {
    accountId,
    keys,
    ids: Object.fromEntries(ids),
    send,
    callOf(known, body) {
      const { parameters = [], description, security } = known.operation;
      let path = known.path;
      const query = new URLSearchParams();
      for (const { name, in: place, example } of parameters) {
        if (example === undefined) continue;
        if (place === "path") path = path.replace(`{${name}}`, String(example));
        if (place === "query") query.set(name, String(example));
      }
      const [scope = "read"] = KEY_SCOPES.toReversed().filter((one) => description.includes(`the scope \`${one}\``));
      const { mediaType, value } = body ?? bodiesOf(known)[0] ?? {};
      return {
        method: known.method,
        path: query.size > 0 ? `${path}?${query}` : path,
        headers: {
          ...(security?.length === 0 ? {} : headersFor(scope)),
          ...(mediaType !== undefined && { "content-type": mediaType }),
        },
        ...(mediaType !== undefined && { body: mediaType === JSON_TYPE ? JSON.stringify(value) : String(value) }),
      };
    },
  };
}

/** Every body that the document shows of an operation. */
export const bodiesOf = ({ operation: { requestBody } }: KnownOperation): ExampleBody[] =>
  Object.entries(requestBody?.content ?? {}).flatMap(([mediaType, { examples = {} }]) =>
    Object.entries(examples).map(([name, { value }]) => ({ name, mediaType, value })),
  );

/** The points card of the gallery, on which the examples ask for the member's name. */
async function pushPointsCard(shop: TestApp, accountId: string): Promise<string> {
  const source = await readGalleryTemplate(pointsCard);
  const definition = Value.Parse(TemplateDefinition, source.definition);
  const { "member-name": member, ...others } = definition.fields;
  const fields = { "member-name": { type: "text", ...member, required: true }, ...others };
  const { id } = await shop.app.templates.push(accountId, { ...source, definition: { ...definition, fields } });
  return id;
}
