import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Problem } from "../src/errors.ts";
import { KNOWN_EVENT_TYPES } from "../src/webhooks/webhook.ts";
import { TEST_NOW } from "./support/clock.ts";
import { readRows } from "./support/prepared-shop.ts";
import { type CreatedWebhook, startWebhookShop, type WebhookObject, type WebhookShop } from "./support/webhook-shop.ts";

interface Refusal {
  readonly error: string;
  readonly code: string;
  readonly details?: readonly Problem[];
}
interface WebhookPage {
  readonly webhooks: readonly WebhookObject[];
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
}

let here: WebhookShop;
beforeAll(async () => {
  here = await startWebhookShop();
});
afterAll(() => here[Symbol.asyncDispose]());

const NOW = new Date(TEST_NOW).toISOString();

describe("a webhook", () => {
  test("is made with a token and a secret, which are in this answer only", async () => {
    const created = await here.answerTo<CreatedWebhook>("POST", "/v1/webhooks", {
      name: " Warehouse ",
      url: here.receiver.url,
      subscribedEvents: ["pn.pass.installed", "pn.pass.updated", "pn.pass.installed"],
      authMethod: "bearer_token",
    });
    const { bearerToken, signingSecret, ...webhook } = created;
    expect(webhook).toEqual({
      id: expect.stringMatching(/^whk_[0-9a-z]{20}$/) as unknown as string,
      name: "Warehouse",
      url: here.receiver.url,
      authMethod: "bearer_token",
      subscribedEvents: ["pn.pass.installed", "pn.pass.updated"],
      passTemplate: null,
      active: true,
      createdAt: NOW,
      updatedAt: NOW,
      includeValues: false,
      inactiveReason: null,
      failingSince: null,
      pausedUntil: null,
    });
    expect(bearerToken).toMatch(/^whb_[\w-]{43}$/);
    expect(signingSecret).toMatch(/^whsec_[\w+/]{43}=$/);
    expect(await here.answerTo<WebhookObject>("GET", `/v1/webhooks/${webhook.id}`)).toEqual(webhook);
    const stored = JSON.stringify(readRows(here.shop.dataDir, "SELECT * FROM webhooks"));
    for (const secret of [bearerToken, signingSecret]) expect(stored).not.toContain(secret);
  });

  test("may be for the passes of one template", async () => {
    const created = await here.subscribe({ passTemplate: here.template.replace("0x", "0X"), includeValues: true });
    expect(created).toMatchObject({ passTemplate: here.template, includeValues: true });
  });

  test("is changed in part", async () => {
    const { bearerToken: _token, signingSecret: _secret, ...before } = await here.subscribe();
    here.shop.clock.set(TEST_NOW + 5_000);
    const path = `/v1/webhooks/${before.id}`;
    const renamed = await here.answerTo<WebhookObject>("PATCH", path, { name: "Till" });
    expect(renamed).toEqual({ ...before, name: "Till", updatedAt: new Date(TEST_NOW + 5_000).toISOString() });
    const changes = {
      ...{ active: false, url: `${here.receiver.url}/new`, subscribedEvents: ["pn.pass.deleted"], includeValues: true },
    };
    expect(await here.answerTo<unknown>("PATCH", path, changes)).toEqual({ ...renamed, ...changes });
    expect(await here.answerTo<unknown>("GET", path)).toEqual({ ...renamed, ...changes });
    here.shop.clock.set(TEST_NOW);
  });

  test("is removed with its results and its jobs", async () => {
    const { id } = await here.subscribe();
    here.receiver.plan(...Array(10).fill({ status: 500 }));
    await here.issue();
    expect((await here.jobs()).map(({ channel }) => channel)).toContain(`webhook:${id}`);
    const response = await here.call("DELETE", `/v1/webhooks/${id}`);
    expect([response.status, await response.json()]).toEqual([200, {}]);
    expect((await here.jobs()).map(({ channel }) => channel)).not.toContain(`webhook:${id}`);
    expect(readRows(here.shop.dataDir, `SELECT 1 FROM webhook_results WHERE webhook_id = '${id}'`)).toEqual([]);
    expect(readRows(here.shop.dataDir, `SELECT 1 FROM outbox_lanes WHERE channel = 'webhook:${id}'`)).toEqual([]);
    expect((await here.call("GET", `/v1/webhooks/${id}`)).status).toBe(404);
    expect((await here.call("DELETE", `/v1/webhooks/${id}`)).status).toBe(404);
  });

  test.each(["", "/"])("paths may end in %j, and GET may come with a content type and no body", async (end) => {
    const { id } = await here.subscribe();
    for (const path of ["/v1/webhooks", `/v1/webhooks/${id}`, `/v1/webhooks/${id}/results`]) {
      expect((await here.call("GET", path + end)).status).toBe(200);
    }
    expect((await here.call("DELETE", `/v1/webhooks/${id}${end}`)).status).toBe(200);
  });
});

test("lists come page by page, in the order in which webhooks were made, of one template or of all", async () => {
  await using other = await startWebhookShop();
  const coupon = await other.shop.pushGallery("coupon");
  const made: string[] = [];
  for (let i = 0; i < 5; i++) {
    other.shop.clock.advance(10);
    made.push((await other.subscribe(i % 2 === 0 ? { passTemplate: coupon } : {})).id);
  }
  const list = async (query: string) => {
    const { webhooks, ...paging } = await other.answerTo<WebhookPage>("GET", `/v1/webhooks${query}`);
    return [webhooks.map(({ id }) => id), paging] as const;
  };
  expect(await list("")).toEqual([made, { page: 1, perPage: 25, total: 5 }]);
  expect(await list("?page=2&perPage=2")).toEqual([made.slice(2, 4), { page: 2, perPage: 2, total: 5 }]);
  expect(await list("?page=3&per_page=2")).toEqual([made.slice(4), { page: 3, perPage: 2, total: 5 }]);
  expect(await list("?perPage=1000")).toEqual([made, { page: 1, perPage: 100, total: 5 }]);
  expect(await list("?page=&perPage=")).toEqual([made, { page: 1, perPage: 25, total: 5 }]);
  const ofCoupon = made.filter((_, i) => i % 2 === 0);
  expect(await list(`?passTemplate=${coupon}`)).toEqual([ofCoupon, { page: 1, perPage: 25, total: 3 }]);
  expect(await list(`?pass_template=${coupon}&per_page=1`)).toEqual([
    ofCoupon.slice(0, 1),
    { page: 1, perPage: 1, total: 3 },
  ]);
  expect(await list("?passTemplate=ptk_0xffff")).toEqual([[], { page: 1, perPage: 25, total: 0 }]);
  for (const query of ["?page=0", "?page=two", "?perPage=-1", "?per_page=1.5"]) {
    expect((await other.call("GET", `/v1/webhooks${query}`)).status).toBe(400);
  }
});

describe("what cannot be is refused, with every reason", () => {
  const valid = { name: "Shop", url: "https://example.com/hook", subscribedEvents: ["pn.pass.issued"] };

  test.each<[string, unknown, Readonly<Record<string, RegExp>>]>([
    ["nothing", {}, { name: /required/, url: /required/, subscribedEvents: /required/ }],
    ["a list", [], { body: /must be an object with some of name, url, / }],
    ["other types", { ...valid, name: 1, subscribedEvents: "all" }, { name: /string/, subscribedEvents: /array/ }],
    ["a blank name", { ...valid, name: " " }, { name: /^must have 1 to 200 characters$/ }],
    ["no URL", { ...valid, url: "example.com" }, { url: /^must be an address such as https:/ }],
    ["http", { ...valid, url: "http://example.com" }, { url: /^must begin with https:\/\// }],
    ["this machine", { ...valid, url: "https://127.0.0.1/" }, { url: /not on the public internet/ }],
    ["this machine's name", { ...valid, url: "https://localhost:8080/" }, { url: /not on the public internet/ }],
    ["the cloud's metadata", { ...valid, url: "https://169.254.169.254/" }, { url: /not on the public internet/ }],
    ["a password", { ...valid, url: "https://a:b@example.com/" }, { url: /^must not hold a user name or password/ }],
    ["no event", { ...valid, subscribedEvents: [] }, { subscribedEvents: /at least one of pn\.pass\.issued, / }],
    [
      "an unknown event",
      { ...valid, subscribedEvents: ["pn.pass.instaled", "pn.pass_template.created"] },
      { subscribedEvents: /^holds "pn\.pass\.instaled", which is never sent \(did you mean "pn\.pass\.installed"\?\)/ },
    ],
    ["mutual TLS", { ...valid, authMethod: "mtls" }, { authMethod: /^is "mtls", but this server knows bearer_token/ }],
  ])("%s", async (_, body, problems) => {
    const response = await here.call("POST", "/v1/webhooks", body);
    const { code, error, details = [] } = (await response.json()) as Refusal;
    expect([response.status, code]).toEqual([400, "INVALID"]);
    for (const [path, message] of Object.entries(problems)) {
      expect(details.find((problem) => problem.path === path)?.message).toMatch(message);
      expect(error).toContain(path);
    }
    expect(new Set(details.map(({ path }) => path))).toEqual(new Set(Object.keys(problems)));
  });

  test("a body that is not JSON", async () => {
    expect((await here.call("POST", "/v1/webhooks", "{")).status).toBe(400);
  });

  test("a change that changes nothing, or to what cannot be", async () => {
    const { id } = await here.subscribe();
    for (const changes of [{}, { passTemplate: null }, { active: "no" }, { url: "http://example.com" }, { name: "" }]) {
      expect((await here.call("PATCH", `/v1/webhooks/${id}`, changes)).status).toBe(400);
    }
  });

  test("a template of nobody, or of another account", async () => {
    const { definition, images } = await here.shop.app.templates.current(here.shop.accountId, here.template);
    const other = await here.shop.app.accounts.create("Another shop");
    const { id } = await here.shop.app.templates.push(other.id, { definition, images });
    for (const passTemplate of ["ptk_0xffff", id]) {
      expect((await here.call("POST", "/v1/webhooks", { ...valid, passTemplate })).status).toBe(404);
    }
  });
});

describe("another account", () => {
  test.each<[string, string]>([
    ["GET", ""],
    ["PATCH", ""],
    ["DELETE", ""],
    ["GET", "/results"],
    ["POST", "/test"],
  ])("%s …%s: there is no such webhook", async (method, end) => {
    const body = method === "PATCH" ? { active: false } : undefined;
    const { id } = await here.subscribe();
    const other = await here.shop.app.accounts.create("Another shop");
    const { apiKey } = await here.shop.app.accounts.createKey(other.id, "test");
    const headers = { "x-api-key": apiKey, "x-account-id": other.id };
    const before = here.receiver.deliveries.length;
    const response = await here.call(method, `/v1/webhooks/${id}${end}`, body, headers);
    expect([response.status, ((await response.json()) as Refusal).code]).toEqual([404, "NOT_FOUND"]);
    const nobody = await here.call(method, `/v1/webhooks/whk_${"0".repeat(20)}${end}`, body);
    expect(nobody.status).toBe(404);
    expect(here.receiver.deliveries.length).toBe(before);
    expect(await here.answerTo<WebhookObject>("GET", `/v1/webhooks/${id}`)).toMatchObject({ active: true });
    const listed = (await (await here.call("GET", "/v1/webhooks", undefined, headers)).json()) as WebhookPage;
    expect(listed.webhooks).toEqual([]);
  });

  test("without a good key nothing is answered", async () => {
    for (const [method, path] of [
      ["GET", "/v1/webhooks"],
      ["POST", "/v1/webhooks"],
    ] as const) {
      expect((await here.call(method, path, undefined, { "x-api-key": "phk_no" })).status).toBe(401);
    }
  });
});

test("the five events are those that PassNinja names", () => {
  expect(KNOWN_EVENT_TYPES.toSorted().join(" ")).toBe(
    "pn.pass.deleted pn.pass.installed pn.pass.issued pn.pass.uninstalled pn.pass.updated",
  );
});
