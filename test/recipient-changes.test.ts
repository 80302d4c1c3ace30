import { expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { startFakeApns, startTestApp } from "./support/app.ts";
import { cardWith } from "./support/template.ts";

const TYPE = "pass.dev.passhook.demo";
const PHONE = `/passkit/v1/devices/phone/registrations/${TYPE}`;
const SARAH = { klaviyoId: "K1", email: "sarah@example.com", name: "Sarah" };

/** A card that shows its holder's name, one that does not, and tickets with the name, all on one phone. */
async function personWithPasses(tickets: number) {
  const apns = await startFakeApns();
  const shop = await startTestApp({ apns });
  const named = cardWith({ points: { type: "number" } });
  const withName = (more: object = {}) => ({
    ...named,
    pass: { ...(named["pass"] as object), logoText: "{{recipient.name}}" },
    ...more,
  });
  const templates = {
    card: await shop.pushTemplate({ definition: withName() }),
    plain: await shop.pushTemplate({ definition: named }),
    ticket: await shop.pushTemplate({ definition: withName({ repeat: "new" }) }),
  };
  const issue = async (passTemplate: string, recipient: object = SARAH, points = 0) => {
    const pass = await shop.issue({ passTemplate, recipient, pass: { points }, idempotencyKey: crypto.randomUUID() });
    await shop.request(`${PHONE}/${pass.serialNumber}`, {
      method: "POST",
      headers: { authorization: `ApplePass ${shop.app.vault.authenticationToken(pass.serialNumber)}` },
      body: JSON.stringify({ pushToken: "ab".repeat(32) }),
    });
    return pass;
  };
  const passes = {
    card: await issue(templates.card),
    plain: await issue(templates.plain),
    tickets: [] as PassObject[],
  };
  for (let i = 0; i < tickets; i++) passes.tickets.push(await issue(templates.ticket));
  const somebodyElse = await issue(templates.card, { email: "ben@example.com", name: "Ben" });
  shop.app.worker.start();
  await shop.app.worker.idle();
  shop.clock.advance(60_000);

  const changedSince = async (tag: string) => {
    const answer = await shop.request(`${PHONE}?passesUpdatedSince=${tag}`);
    if (answer.status === 204) return { serialNumbers: [], lastUpdated: tag };
    return (await answer.json()) as { serialNumbers: string[]; lastUpdated: string };
  };
  const historyOf = async ({ serialNumber }: PassObject) =>
    (await listPassEvents(shop.app.db.read, serialNumber)).map(({ kind, changedFields }) => `${kind} ${changedFields}`);
  const shownName = async ({ serialNumber }: PassObject) =>
    /"logoText":"([^"]*)"/.exec(
      Buffer.from(await (await shop.request(`/p/${serialNumber}.pkpass`)).bytes()).toString("latin1"),
    )?.[1];
  return {
    ...{ apns, shop, templates, passes, somebodyElse, changedSince, historyOf, shownName },
    async [Symbol.asyncDispose]() {
      await shop[Symbol.asyncDispose]();
      await apns[Symbol.asyncDispose]();
    },
  };
}

test("a new name reaches every live pass on which it stands; only the one that was meant has a history of it", async () => {
  await using all = await personWithPasses(25);
  const { shop, templates, passes } = all;
  const [deleted, ...tickets] = passes.tickets;
  await shop.app.updater.remove({ accountId: shop.accountId, serial: deleted?.serialNumber ?? "" });
  await shop.app.worker.idle();
  shop.clock.advance(60_000);
  const { lastUpdated } = await all.changedSince("0");
  const pushed = all.apns.pushes.length;

  await shop.issue({
    passTemplate: templates.card,
    recipient: { ...SARAH, name: "Sarah Miller" },
    pass: { points: 1 },
  });
  await shop.app.worker.idle();
  const { serialNumbers } = await all.changedSince(lastUpdated);
  const expected = [passes.card, ...tickets].map(({ serialNumber }) => serialNumber);
  expect(serialNumbers.toSorted()).toEqual(expected.toSorted());
  expect(await all.shownName(passes.card)).toBe("Sarah Miller");
  expect(await all.shownName(tickets[22] as PassObject)).toBe("Sarah Miller");
  expect(await all.shownName(all.somebodyElse)).toBe("Ben");
  expect(await all.historyOf(passes.card)).toEqual(["created points", "installed ", "updated points,recipient.name"]);
  expect(await all.historyOf(tickets[0] as PassObject)).toEqual(["created points", "installed "]);
  expect(await all.historyOf(passes.plain)).toEqual(["created points", "installed "]);
  expect(all.apns.pushes.length).toBeGreaterThan(pushed);
  expect(await shop.app.outbox.depths()).toMatchObject({ dead: 0 });
});

test.each([
  ["changes the person's other card", (plain: string) => `${plain}/by-recipient`, { pass: { points: 3 } }],
  ["voids the person's other card", (plain: string) => `${plain}/by-recipient/void`, {}],
  ["deletes the person's other card", (plain: string) => `${plain}/by-recipient/delete`, {}],
])("a call that %s brings the name, too", async (_, pathOf, body) => {
  await using all = await personWithPasses(1);
  const { shop, templates, passes } = all;
  const { lastUpdated } = await all.changedSince("0");
  const answer = await shop.request(`/v1/passes/${pathOf(templates.plain)}`, {
    method: "POST",
    headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
    body: JSON.stringify({ recipient: { email: SARAH.email, name: "Sarah Miller" }, ...body }),
  });
  expect(answer.status).toBe(200);
  await shop.app.worker.idle();
  const { serialNumbers } = await all.changedSince(lastUpdated);
  for (const pass of [passes.card, ...passes.tickets]) {
    expect(serialNumbers).toContain(pass.serialNumber);
    expect(await all.shownName(pass)).toBe("Sarah Miller");
    expect(await all.historyOf(pass)).toEqual(["created points", "installed "]);
  }
});

test("what does not change makes no work", async () => {
  await using all = await personWithPasses(1);
  const { shop, templates } = all;
  const { lastUpdated } = await all.changedSince("0");
  shop.app.worker.drain(0);
  await shop.issue({
    passTemplate: templates.card,
    recipient: { ...SARAH, phone: "+15005550006" },
    pass: { points: 0 },
  });
  const { items } = await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 1_000 });
  expect(items.filter(({ kind }) => kind === "recipient.restyle")).toEqual([]);
  expect((await all.changedSince(lastUpdated)).serialNumbers).toEqual([]);
});
