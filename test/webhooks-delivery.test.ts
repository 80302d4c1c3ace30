import { describe, expect, test } from "bun:test";
import { createLog } from "../src/log.ts";
import { insertResult } from "../src/webhooks/result-store.ts";
import { TEST_NOW } from "./support/clock.ts";
import { eventually } from "./support/eventually.ts";
import { startWebhookShop, type WebhookObject, type WebhookShop } from "./support/webhook-shop.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const webhookOf = (here: WebhookShop, { id }: WebhookObject) =>
  here.answerTo<WebhookObject>("GET", `/v1/webhooks/${id}`);
const statesOf = async (here: WebhookShop) => (await here.jobs()).map(({ state }) => state);

describe("a delivery that is not taken", () => {
  test.each([[500], [502], [400], [401], [404], [302]])(
    "%i is tried again, and every try can be seen",
    async (status) => {
      await using here = await startWebhookShop();
      const webhook = await here.subscribe();
      here.receiver.plan({ status, body: "no" });
      const pass = await here.issue();
      const [job] = await here.jobs();
      expect(job).toMatchObject({ state: "ready", attempts: 1 });
      expect(job?.lastError).toStartWith(`The receiver answered ${status}`);
      await here.advance(MINUTE);
      expect(await here.jobs()).toEqual([]);

      const [second, first, ...more] = await here.results(webhook);
      expect(more).toEqual([]);
      const shared = { webhookId: webhook.id, url: webhook.url, eventType: "pn.pass.issued", error: null };
      expect(first).toMatchObject({
        ...shared,
        responseStatus: status,
        responseBody: "no",
        success: false,
        attempt: 1,
      });
      expect(second).toMatchObject({ ...shared, responseStatus: 200, responseBody: "", success: true, attempt: 2 });
      expect(first?.eventId).toStartWith(`${pass.serialNumber}:`);
      expect(second?.eventId).toBe(first?.eventId ?? "");
      expect(first?.createdAt).toBe(new Date(TEST_NOW).toISOString());
      expect(first?.updatedAt).toBe(first?.createdAt ?? "");
      const ids = here.receiver.deliveries.map(({ headers }) => headers["webhook-id"]);
      expect(new Set(ids).size).toBe(1);
    },
  );

  test("because nobody listens, is tried again", async () => {
    await using here = await startWebhookShop();
    const webhook = await here.subscribe({ url: "https://hooks.example.com:9/" });
    await here.issue();
    expect(await statesOf(here)).toEqual(["ready"]);
    expect(await here.results(webhook)).toMatchObject([
      {
        responseStatus: null,
        responseBody: null,
        success: false,
        error: expect.stringContaining("ECONNREFUSED") as unknown,
      },
    ]);
  });

  test("for seven days is kept as dead, and can be run again", async () => {
    await using here = await startWebhookShop();
    await here.subscribe();
    here.receiver.reactAlways({ status: 404 });
    await here.issue();
    for (let days = 0; days < 10; days++) await here.advance(DAY);
    expect(await here.jobs()).toMatchObject([
      { state: "dead", lastError: expect.stringContaining("404. (tried for seven days)") as unknown },
    ]);
    const before = here.receiver.deliveries.length;
    expect(before).toBeLessThan(15);

    here.receiver.reactAlways({ status: 200 });
    await here.shop.app.outbox.redrive({ accountId: here.shop.accountId }, here.shop.clock.now());
    await here.shop.app.worker.idle();
    expect(await here.jobs()).toEqual([]);
    const last = here.receiver.deliveries.at(-1);
    expect(here.receiver.deliveries.length).toBe(before + 1);
    expect(last?.event.id).toBe(here.receiver.deliveries[0]?.event.id ?? "");
  });
});

describe("a receiver that asks for time", () => {
  test.each([
    [429, "30", 30 * SECOND],
    [503, "120", 2 * MINUTE],
    [429, new Date(TEST_NOW + 45 * SECOND).toUTCString(), 45 * SECOND],
    [503, "0", SECOND],
    [429, "99999999", DAY],
  ])("%i, Retry-After: %s", async (status, retryAfter, waitMs) => {
    await using here = await startWebhookShop();
    await here.subscribe();
    here.receiver.plan({ status, headers: { "retry-after": retryAfter } });
    await here.issue();
    await here.issue();
    expect(here.receiver.deliveries).toHaveLength(1);
    expect(await here.jobs()).toMatchObject([{ attempts: 0, failingSince: null }, { attempts: 0 }]);
    here.shop.clock.set(TEST_NOW + waitMs - 1);
    await here.shop.app.worker.idle();
    expect(here.receiver.deliveries).toHaveLength(1);
    await here.advance(2 * SECOND);
    expect(here.receiver.deliveries).toHaveLength(3);
    expect(await here.jobs()).toEqual([]);
  });

  test("holds up no other webhook", async () => {
    await using here = await startWebhookShop();
    await here.subscribe();
    await here.subscribe({ url: `${here.receiver.url}/other` });
    const busy = { status: 503, headers: { "retry-after": "600" } };
    here.receiver.reactAlways(({ path }, response) => {
      const { status, headers } = path.endsWith("/other") ? { status: 200, headers: {} } : busy;
      response.writeHead(status, headers).end();
    });
    for (let i = 0; i < 3; i++) await here.issue();
    expect(here.receiver.deliveries.filter(({ path }) => path.endsWith("/other"))).toHaveLength(3);
    expect(here.receiver.deliveries.filter(({ path }) => !path.endsWith("/other"))).toHaveLength(1);
  });
});

test("410 switches the webhook off, with its reason; switched on again it is told of what comes then", async () => {
  await using here = await startWebhookShop();
  const webhook = await here.subscribe();
  here.receiver.reactAlways({ status: 410 });
  await here.issue();
  await here.issue();
  expect(here.receiver.deliveries).toHaveLength(1);
  expect(await here.jobs()).toEqual([]);
  const reason = `The receiver answered 410 (gone) at ${new Date(TEST_NOW).toISOString()}.`;
  expect(await webhookOf(here, webhook)).toMatchObject({ active: false, inactiveReason: reason });
  expect(await here.results(webhook)).toMatchObject([{ responseStatus: 410, success: false }]);

  here.receiver.reactAlways({ status: 204 });
  const path = `/v1/webhooks/${webhook.id}`;
  expect(await here.answerTo<WebhookObject>("PATCH", path, { active: true })).toMatchObject({ inactiveReason: null });
  await here.issue();
  expect(here.receiver.deliveries).toHaveLength(2);
});

describe("what waits for a webhook that is", () => {
  test.each([
    ["removed", (here: WebhookShop, path: string) => here.answerTo("DELETE", path)],
    ["switched off", (here: WebhookShop, path: string) => here.answerTo("PATCH", path, { active: false })],
  ])("%s is dropped, also a delivery that is under way", async (_, end) => {
    await using here = await startWebhookShop();
    const { id } = await here.subscribe();
    const { promise: held, resolve: hold } = Promise.withResolvers<() => void>();
    here.receiver.plan({ status: 500 }, (_delivery, response) => hold(() => response.writeHead(500).end()));
    const waiting = await here.issue();
    await here.setPoints(waiting, 1);
    await here.shop.issue({ passTemplate: here.template, pass: {}, recipient: { email: "late@example.com" } });
    const answerLate = await held;
    expect(await statesOf(here)).toEqual(["ready", "waiting", "leased"]);
    await end(here, `/v1/webhooks/${id}`);
    expect(await statesOf(here)).toEqual(["leased"]);
    answerLate();
    await here.shop.app.worker.idle();
    await here.advance(HOUR);
    expect(await here.jobs()).toEqual([]);
    expect(here.receiver.deliveries).toHaveLength(2);
  });
});

describe("a slow receiver", () => {
  test("has four deliveries under way at most, and holds up no other", async () => {
    await using here = await startWebhookShop();
    const slow = await here.subscribe();
    await here.subscribe({ url: `${here.receiver.url}/other` });
    const held: (() => void)[] = [];
    here.receiver.reactAlways(({ path }, response) => {
      if (path.endsWith("/other")) response.end();
      else held.push(() => response.end());
    });
    const { clock, app } = here.shop;
    const body = (i: number) => ({
      passTemplate: here.template,
      pass: {},
      recipient: { email: `slow${i}@example.com` },
    });
    for (let i = 0; i < 8; i++) await here.shop.issue(body(i));
    await here.receiver.waitFor(12);
    expect(here.receiver.deliveries.filter(({ path }) => path.endsWith("/other"))).toHaveLength(8);
    expect(held).toHaveLength(4);
    const own = (await here.jobs()).filter(({ channel }) => channel === `webhook:${slow.id}`);
    expect(own.map(({ state }) => state).sort()).toEqual([...Array(4).fill("leased"), ...Array(4).fill("ready")]);

    for (const answer of held.splice(0)) answer();
    await here.receiver.waitFor(16);
    for (const answer of held.splice(0)) answer();
    clock.advance(SECOND);
    await app.worker.idle();
    expect(await here.jobs()).toEqual([]);
  });
});

describe("a ping", () => {
  test("is sent at once, and answers what the receiver answered", async () => {
    await using here = await startWebhookShop();
    const webhook = await here.subscribe();
    here.receiver.plan({ status: 202, body: "welcome" });
    const result = await here.answerTo<object>("POST", `/v1/webhooks/${webhook.id}/test`);
    expect(result).toMatchObject({ success: true, responseStatus: 202, responseBody: "welcome", attempt: 1 });
    expect(here.receiver.deliveries[0]?.event).toMatchObject({
      type: "pn.webhook.ping",
      subject: webhook.id,
      data: { webhookId: webhook.id, name: webhook.name },
    });
    expect(await here.results(webhook)).toMatchObject([result]);
  });

  test("that fails changes nothing about the webhook", async () => {
    await using here = await startWebhookShop();
    const { bearerToken: _token, signingSecret: _secret, ...webhook } = await here.subscribe();
    here.receiver.reactAlways({ status: 410 });
    for (let i = 0; i < 6; i++) {
      expect(await here.answerTo("POST", `/v1/webhooks/${webhook.id}/test`)).toMatchObject({ success: false });
    }
    expect(await webhookOf(here, webhook)).toEqual(webhook);
  });
});

test("the secrets are in no list, no result and no log, though a receiver gives them back", async () => {
  let logged = "";
  const log = createLog({
    tty: false,
    now: () => TEST_NOW,
    write(line) {
      logged += line;
    },
  });
  await using here = await startWebhookShop({ log });
  const { bearerToken, signingSecret, ...webhook } = await here.subscribe();
  const echo =
    (long: number) => (delivery: { readonly headers: object }, response: import("node:http").ServerResponse) =>
      response.writeHead(500).end("x".repeat(long) + JSON.stringify({ ...delivery.headers, signingSecret }));
  here.receiver.plan(echo(0), echo(1_600), echo(1_640), echo(1_660), echo(1_900));
  await here.issue();
  for (let i = 0; i < 5; i++) await here.advance(MINUTE);
  const results = await here.results(webhook);
  expect(results.length).toBeGreaterThanOrEqual(5);
  expect(results.at(-1)?.responseBody).toContain('"host":"hooks.example.com');
  const seen = [
    JSON.stringify(results),
    await (await here.call("GET", "/v1/webhooks")).text(),
    await (await here.call("GET", `/v1/webhooks/${webhook.id}`)).text(),
    JSON.stringify(await here.jobs()),
    logged,
  ].join("\n");
  expect(logged).toContain("A webhook's receiver fails");
  // Also no larger part of one, where an answer was cut.
  for (const secret of [bearerToken, signingSecret]) expect(seen).not.toContain(secret.slice(6, 16));
});

test("what a receiver answers is kept to 2 KB, and a thousand results for 30 days", async () => {
  await using here = await startWebhookShop();
  const webhook = await here.subscribe();
  here.receiver.plan({ status: 200, body: "é".repeat(5_000) });
  await here.issue();
  const [result] = await here.results(webhook);
  expect(result?.responseBody?.length).toBeGreaterThan(1_000);
  expect(result?.responseBody?.length).toBeLessThanOrEqual(2_048);

  const { app } = here.shop;
  const total = async () =>
    (await app.webhooks.results(here.shop.accountId, webhook.id, { offset: 0, limit: 1 })).total;
  const one = { webhookId: webhook.id, eventId: "e", eventType: "pn.pass.issued", url: webhook.url };
  const answer = { responseStatus: 200, responseBody: "", error: null, success: true, attempt: 1 };
  await app.db.transaction(async ({ query }) => {
    for (let i = 0; i < 1_199; i++) await insertResult(query, { ...one, ...answer, at: TEST_NOW });
  });
  expect(await total()).toBe(1_000);
  await app.db.transaction(({ query }) => insertResult(query, { ...one, ...answer, at: TEST_NOW }));
  await app.webhooks.forgetOldResults();
  expect(await total()).toBe(1_000);
  await here.advance(31 * DAY);
  await app.webhooks.forgetOldResults();
  expect(await total()).toBe(0);
});

test("a delivery that a shutdown interrupts says nothing about its receiver, and comes again", async () => {
  await using here = await startWebhookShop();
  const webhook = await here.subscribe();
  const { shop, receiver } = here;
  receiver.plan(() => {});
  await shop.issue({ passTemplate: here.template, pass: {}, recipient: { email: "interrupted@example.com" } });
  await receiver.waitFor(1);
  let drained = false;
  void shop.app.worker.drain(0).then(() => {
    drained = true;
  });
  await eventually("the worker has given up", () => {
    shop.clock.advance(0);
    return drained;
  });
  expect(await here.jobs()).toMatchObject([{ state: "ready", attempts: 0 }]);
  shop.app.worker.start();
  await shop.app.worker.idle();
  expect(await here.results(webhook)).toMatchObject([{ success: true, attempt: 1 }]);
});
