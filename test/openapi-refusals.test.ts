import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { JsonSchema } from "../src/api/openapi/json-schema.ts";
import { EMAIL, JOB_ID, RECIPIENT_ID, SERIAL, TEMPLATE_ID, WEBHOOK_ID } from "../src/api/operations/examples.ts";
import { PASS_STATUSES } from "../src/passes/status.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { type DocumentedCall, type Scene, startDocumentedShop } from "./support/documented-calls.ts";

/** What the document warns of: each refusal of each operation is brought about, and is as it is shown there. */

const here = await startDocumentedShop();
const { shop, known, prepareScene } = here;

/** Makes of a call that is good one that is refused. */
type Spoil = (call: DocumentedCall, scene: Scene) => DocumentedCall | Promise<DocumentedCall>;

const withHeaders = (call: DocumentedCall, headers: Readonly<Record<string, string>>): DocumentedCall => ({
  ...call,
  headers: { ...call.headers, ...headers },
});

const withKey =
  (keyOf: (scene: Scene) => string | Promise<string>): Spoil =>
  async (call, scene) =>
    withHeaders(call, { "x-api-key": await keyOf(scene) });

const withRaw =
  (body: string | Uint8Array<ArrayBuffer>): Spoil =>
  (call) => ({ ...call, body });

/** Some keys of the body are others. */
const withBody =
  (keys: object): Spoil =>
  (call) => ({ ...call, body: JSON.stringify({ ...JSON.parse(String(call.body)), ...keys }) });

const withQuery =
  (query: string): Spoil =>
  (call) => ({ ...call, path: `${call.path.split("?")[0]}?${query}` });

/** Something in the address or the body is another. */
const renamed =
  (from: string, to: string): Spoil =>
  (call) => ({
    ...call,
    path: call.path.replace(from, to),
    ...(typeof call.body === "string" && { body: call.body.replaceAll(from, to) }),
  });

const afterPassEnded: Spoil = async (call, { send, keys, accountId }) => {
  const headers = { "x-api-key": keys.all, "x-account-id": accountId };
  await send({ method: "DELETE", path: `/v1/passes/${TEMPLATE_ID}/${SERIAL}`, headers });
  return call;
};

const nobodyKnown = renamed(EMAIL.slice(0, 5), "nobody");
const misspelt = withBody({ pass: { "member-name": "Sarah Miller", "points-balnce": "80" } });
const strangeEvent = withBody({ subscribedEvents: ["pn.pass.instaled"] });

let address = 0;

/** By the text that the document shows. */
const SPOILS: Readonly<Record<string, Spoil>> = {
  "The body is not UTF-8 text.": withRaw(new Uint8Array([0x7b, 0xff, 0x7d])),
  "The body is larger than 64 KB.": withRaw(`{"more": "${"x".repeat(65_536)}"}`),
  'The pass cannot be issued: pass.points-balnce is not a field of this template (did you mean "points-balance"?).':
    misspelt,
  'The pass cannot be updated: pass.points-balnce is not a field of this template (did you mean "points-balance"?).':
    misspelt,
  "The request names nobody. Give an email, a phone number, an externalId or a klaviyoId.": (call, scene) =>
    (call.method === "GET" ? withQuery("") : withBody({ recipient: { name: "Sarah" } }))(call, scene),
  "A pass is named twice.": withBody({ serials: [SERIAL, SERIAL] }),
  "limit must be a whole number from 1 to 1000.": withQuery("limit=0"),
  'page must be a whole number from 1, not "x".': withQuery("page=x"),
  "The request cannot be understood: platform cannot be google: Passhook makes passes for Apple Wallet only.": withBody(
    { platform: "google" },
  ),
  'The template cannot be changed: fields.points-balnce is not a field of this template (did you mean "points-balance"?).':
    withBody({ fields: { "points-balnce": { required: true } } }),
  'The webhook cannot be stored: subscribedEvents holds "pn.pass.instaled", which is never sent (did you mean "pn.pass.installed"?).':
    strangeEvent,
  "The API key or the account id is wrong (headers X-API-KEY and X-ACCOUNT-ID).": (call) =>
    // Too many wrong keys from one address would be turned away.
    withHeaders(call, { "x-api-key": "ak_0123456789abcd", "x-forwarded-for": `192.0.2.${address++}` }),
  'This API key may not do that: its scope is "read".': withKey(({ keys }) => keys.read),
  "The file is larger than 32 MB. Send it in parts.": withRaw(`${" ".repeat(60_000)}\n`.repeat(600)),
  [`The search cannot be understood: state is not one of ${PASS_STATUSES.join(", ")} (did you mean "issued"?).`]:
    withQuery("state=isued"),
  '"mode" must be one of issue, update.': withQuery("mode=isue"),
  "Name the person by one of klaviyoId, externalId, email, phone.": withQuery(""),
  'The parameter "email" is not known.': withQuery(`email=${EMAIL}`),
  "There is no such job.": renamed(JOB_ID, "blk_0"),
  "Nobody is known by that here.": (call, scene) =>
    (call.path.includes("?") ? nobodyKnown : renamed(RECIPIENT_ID, "rcp_0"))(call, scene),
  "There is no such pass.": renamed(SERIAL, "0".repeat(26)),
  'There is no template "ptk_0x2".': renamed(TEMPLATE_ID, "ptk_0x2"),
  'There is no webhook "whk_0".': renamed(WEBHOOK_ID, "whk_0"),
  "This person has no live pass of this template.": nobodyKnown,
  "This person has no pass of this template.": nobodyKnown,
  "This pass was deleted; issue a new one.": afterPassEnded,
  [`Pass ${SERIAL} was deleted.`]: afterPassEnded,
  [`Template ${TEMPLATE_ID} was changed by somebody else meanwhile; try again.`]: (call, { send }) => {
    // Both read the same version, and the first stores the next one.
    void send(call);
    return call;
  },
  "Too many requests. Try again shortly.": withKey(async ({ accountId }) => {
    const { apiKey } = await shop.app.accounts.createKey(accountId, "slow", { rateLimit: 1 });
    const headers = { "x-api-key": apiKey, "x-account-id": accountId };
    for (let burst = 0; burst < 10; burst++) await shop.request("/v1/pass_templates", { headers });
    return apiKey;
  }),
  "Passhook does not decrypt NFC payloads.": (call) => call,
};

/** Servers on which no call can be good. */
const FAILING: Record<string, TestApp> = {};
const BROKEN = "Something went wrong here; it was logged. Try again.";
const STOPPING = "The server is shutting down. Try again shortly.";

beforeAll(async () => {
  const broken = await startTestApp();
  using file = new Database(join(broken.dataDir, "passhook.db"));
  file.run("DROP TABLE api_keys");
  const stopping = await startTestApp();
  await stopping[Symbol.asyncDispose]();
  Object.assign(FAILING, { [BROKEN]: broken, [STOPPING]: stopping });
});
afterAll(async () => {
  await FAILING[BROKEN]?.[Symbol.asyncDispose]();
  await here[Symbol.asyncDispose]();
});

interface Warning {
  readonly operation: (typeof known.operations)[number];
  readonly status: number;
  readonly schema: JsonSchema | undefined;
  readonly body: { readonly error: string; readonly code: string };
}

const WARNINGS = known.operations.flatMap((operation) =>
  operation.responses.flatMap(({ status, content }): Warning[] =>
    Object.values(content["application/json"]?.examples ?? {}).map(({ value }) => ({
      ...{ operation, status, schema: content["application/json"]?.schema },
      body: value as Warning["body"],
    })),
  ),
);

describe.each(known.operations.map(({ id }) => id))("%s", (id) => {
  const warnings = WARNINGS.filter(({ operation }) => operation.id === id);
  let scene: Scene;
  beforeAll(async () => {
    scene = await prepareScene();
  });
  test.each(warnings.map((warning) => [`${warning.status} ${warning.body.error}`, warning] as const))(
    "%s",
    async (_, { operation, status, schema, body }) => {
      const call = scene.callOf(operation);
      const spoil = SPOILS[body.error];
      const failing = FAILING[body.error];
      if (!spoil && !failing) throw new Error("Nothing here brings that about.");
      const answer = await scene.send(spoil ? await spoil(call, scene) : call, failing);
      expect(answer).toEqual({ status, mediaType: "application/json", body, headers: expect.anything() });
      expect(known.problemsOf(schema, answer.body)).toEqual([]);
      if (status === 429 || status === 503) expect(answer.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    },
  );
});

test("nothing is brought about that the document does not warn of", () => {
  const known = new Set(WARNINGS.map(({ body }) => body.error));
  expect(Object.keys(SPOILS).filter((text) => !known.has(text))).toEqual([]);
});
