import { expect, test } from "bun:test";
import { startWebhookShop, type WebhookObject, type WebhookShop } from "./support/webhook-shop.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const webhookOf = (here: WebhookShop, { id }: WebhookObject) =>
  here.answerTo<WebhookObject>("GET", `/v1/webhooks/${id}`);

/** A webhook whose receiver answers 500, and `passes` passes that it was not told of. */
async function failingReceiver(passes: number) {
  const here = await startWebhookShop();
  const webhook = await here.subscribe();
  here.receiver.reactAlways({ status: 500 });
  for (let i = 0; i < passes; i++) await here.issue();
  return { here, webhook, count: () => here.receiver.deliveries.length };
}

test("a receiver that failed five times in a row gets nothing more until one delivery has tried it", async () => {
  const { here, webhook, count } = await failingReceiver(12);
  await using _ = here;
  expect(count()).toBe(5);
  const pausedUntil = new Date(here.shop.clock.now() + 30 * SECOND).toISOString();
  const failingSince = new Date(here.shop.clock.now()).toISOString();
  expect(await webhookOf(here, webhook)).toMatchObject({ active: true, failingSince, pausedUntil });
  await here.advance(20 * SECOND);
  expect(count()).toBe(5);
  await here.advance(11 * SECOND);
  expect(count()).toBe(6);
});

test("deliveries that were under way when the pause began do not make it longer", async () => {
  const { here, webhook } = await failingReceiver(4);
  await using _ = here;
  const held: (() => void)[] = [];
  here.receiver.reactAlways((_delivery, response) => held.push(() => response.writeHead(500).end()));
  for (let i = 0; i < 4; i++) {
    const recipient = { email: `under-way-${i}@example.com` };
    await here.shop.issue({ passTemplate: here.template, pass: {}, recipient });
  }
  await here.receiver.waitFor(8);
  for (const answer of held) answer();
  await here.shop.app.worker.idle();
  const pausedUntil = new Date(here.shop.clock.now() + 30 * SECOND).toISOString();
  expect(await webhookOf(here, webhook)).toMatchObject({ pausedUntil });
  expect(await here.results(webhook)).toHaveLength(8);
});

test("the pauses grow to an hour, and there is one try after each", async () => {
  const { here, webhook, count } = await failingReceiver(12);
  await using _ = here;
  const gaps: number[] = [];
  for (let seconds = 0, last = 0, before = count(); gaps.length < 9; seconds += 10) {
    await here.advance(10 * SECOND);
    if (count() === before) continue;
    expect(count()).toBe(before + 1);
    gaps.push(seconds + 10 - last);
    [last, before] = [seconds + 10, count()];
  }
  expect(gaps).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600].map((pause) => expect.closeTo(pause, -2)));
  expect(await webhookOf(here, webhook)).toMatchObject({ active: true });
});

test("the first success opens it for everything at once, in the order of each pass", async () => {
  const { here, webhook, count } = await failingReceiver(0);
  await using _ = here;
  const passes = [];
  for (let i = 0; i < 8; i++) passes.push(await here.issue());
  for (const pass of passes) await here.setPoints(pass, 5);
  await here.advance(HOUR);
  const failed = count();
  here.receiver.reactAlways({ status: 200 });
  await here.advance(2 * HOUR);
  const taken = here.receiver.deliveries.slice(failed);
  expect(taken).toHaveLength(16);
  for (const { serialNumber } of passes) {
    const types = taken.filter(({ event }) => event.subject === serialNumber).map(({ event }) => event.type);
    expect(types).toEqual(["pn.pass.issued", "pn.pass.updated"]);
  }
  expect(await webhookOf(here, webhook)).toMatchObject({ failingSince: null, pausedUntil: null });
  expect(await here.jobs()).toEqual([]);
});

test.each([
  ["a ping that is taken", (here: WebhookShop, path: string) => here.answerTo("POST", `${path}/test`)],
  ["switching it on", (here: WebhookShop, path: string) => here.answerTo("PATCH", path, { active: true })],
  [
    "another URL",
    (here: WebhookShop, path: string) => here.answerTo("PATCH", path, { url: `${here.receiver.url}/new` }),
  ],
])("%s ends the pause", async (_, act) => {
  const { here, webhook } = await failingReceiver(12);
  await using _shop = here;
  here.receiver.reactAlways({ status: 200 });
  await act(here, `/v1/webhooks/${webhook.id}`);
  expect(await webhookOf(here, webhook)).toMatchObject({ failingSince: null, pausedUntil: null });
  await here.advance(SECOND);
  expect(await here.jobs()).toEqual([]);
});

test("one success among failures begins the count anew", async () => {
  const { here, webhook, count } = await failingReceiver(4);
  await using _ = here;
  here.receiver.plan({ status: 200 });
  for (let i = 0; i < 5; i++) await here.issue();
  expect(count()).toBe(9);
  expect(await webhookOf(here, webhook)).toMatchObject({ pausedUntil: null });
});

test("what waits through the pauses is dead after seven days, without a try for each; later events get their own", async () => {
  const { here, count } = await failingReceiver(30);
  await using _ = here;
  for (let i = 0; i < 6; i++) await here.advance(DAY);
  const late = await here.issue();
  for (let i = 0; i < 2; i++) await here.advance(DAY);
  const jobs = await here.jobs();
  expect(jobs.filter(({ state }) => state === "dead")).toHaveLength(30);
  const [alive, ...more] = jobs.filter(({ state }) => state !== "dead");
  expect(more).toEqual([]);
  expect(alive?.payload).toContain(late.serialNumber);
  expect(count()).toBeLessThan(30);

  here.receiver.reactAlways({ status: 200 });
  await here.advance(DAY);
  await here.shop.app.outbox.redrive({ accountId: here.shop.accountId }, here.shop.clock.now());
  await here.shop.app.worker.idle();
  expect(await here.jobs()).toEqual([]);
});

test("a failing receiver holds up no other webhook, and no write-back", async () => {
  const { here } = await failingReceiver(0);
  await using _ = here;
  await here.subscribe({ url: `${here.receiver.url}/other` });
  here.receiver.reactAlways(({ path }, response) => response.writeHead(path.endsWith("/other") ? 200 : 500).end());
  for (let i = 0; i < 10; i++) await here.issue();
  expect(here.receiver.deliveries.filter(({ path }) => path.endsWith("/other"))).toHaveLength(10);
  const all = await here.shop.app.outbox.list({ accountId: here.shop.accountId }, { limit: 100 });
  expect(all.items.filter(({ kind }) => kind !== "webhook.delivery")).toEqual([]);
});
