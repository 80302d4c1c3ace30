import { expect, test } from "bun:test";
import { examineContents } from "../src/doctor/doctor.ts";
import { startWebhookShop, type WebhookShop } from "./support/webhook-shop.ts";

const checksOf = async ({ shop }: WebhookShop) =>
  (await examineContents(shop.app)).filter(({ name }) => /webhook|lane/.test(name));

test("doctor says which receiver fails, since when, and what to do", async () => {
  await using here = await startWebhookShop();
  expect(await checksOf(here)).toMatchObject([{ name: "lanes" }]);
  const { id } = await here.subscribe();
  here.receiver.reactAlways({ status: 500 });
  await here.issue();
  expect(await checksOf(here)).toMatchObject([
    { name: "webhooks", state: "good" },
    { name: "lanes", state: "good" },
  ]);
  for (let i = 0; i < 5; i++) await here.issue();
  const [failing, lanes] = await checksOf(here);
  expect(failing).toMatchObject({ name: `webhook ${id}`, state: "warning" });
  expect(failing?.detail).toMatch(/^Warehouse: its receiver has taken nothing since 2026-11-21T12:00:00\.000Z; next/);
  expect(failing?.detail).toContain(`passhook webhook test ${id}`);
  expect(lanes).toMatchObject({ name: "lanes", state: "good" });
});

test("doctor says which webhook was switched off by its receiver, not which was by a person", async () => {
  await using here = await startWebhookShop();
  const [gone, paused] = [await here.subscribe(), await here.subscribe({ subscribedEvents: ["pn.pass.deleted"] })];
  await here.answerTo("PATCH", `/v1/webhooks/${paused.id}`, { active: false });
  here.receiver.reactAlways({ status: 410 });
  await here.issue();
  const [check, ...more] = await checksOf(here);
  expect(check).toMatchObject({ name: `webhook ${gone.id}`, state: "warning" });
  expect(check?.detail).toContain("The receiver answered 410 (gone)");
  expect(check?.detail).toContain(`passhook webhook update ${gone.id} --activate`);
  expect(more.map(({ name }) => name)).toEqual(["lanes"]);
});

test("the stored secrets that doctor reads include those of webhooks", async () => {
  await using here = await startWebhookShop();
  const { id } = await here.subscribe();
  const contexts = (await here.shop.app.storedSecrets()).map(({ context }) => context);
  expect(contexts).toEqual(expect.arrayContaining([`webhook token ${id}`, `webhook secret ${id}`]) as string[]);
});
