import { eq } from "drizzle-orm";
import { outbox, outboxLanes } from "../../../src/db/schema.ts";
import { GALLERY } from "../../../src/templates/gallery/index.ts";
import type { TestApp } from "../app.ts";
import { bulkOf } from "../bulk.ts";
import { phone } from "../phone.ts";
import { startWebhookShop } from "../webhook-shop.ts";

/** A shop in which every list has rows, and every page something to say. */
export interface FurnishedShop extends AsyncDisposable {
  readonly shop: TestApp;
  /** Of the pass that has lived the most. */
  readonly serial: string;
  /** By the gallery's names. */
  readonly templates: ReadonlyMap<string, string>;
}

const MORE_THAN_A_PAGE = 60;

export async function startFurnishedShop(): Promise<FurnishedShop> {
  const webhookShop = await startWebhookShop({ working: false });
  const { shop } = webhookShop;
  const { app, clock, accountId } = shop;
  const card = webhookShop.template;
  const templates = new Map([["points-card", card]]);
  for (const { name } of GALLERY) if (!templates.has(name)) templates.set(name, await shop.pushGallery(name));

  for (let i = 0; i < MORE_THAN_A_PAGE; i++) {
    clock.advance(60_000);
    await shop.issue({
      passTemplate: card,
      pass: { "points-balance": i * 10, "member-name": `Customer ${i}` },
      recipient: { email: `customer${i}@example.com`, name: i % 7 === 3 ? "" : `Customer ${i}` },
    });
  }
  for (const [email, end] of [
    ["customer1@example.com", "voided"],
    ["customer2@example.com", "deleted"],
  ] as const) {
    const { serialNumber } = await shop.issue({ passTemplate: card, pass: {}, recipient: { email } });
    const reference = { accountId, serial: serialNumber };
    await (end === "voided" ? app.updater.setVoided(reference, true) : app.updater.remove(reference));
  }
  const { serialNumber: serial } = await shop.issue({
    passTemplate: card,
    pass: { "points-balance": "70", "member-name": "Mia Weber", "member-level": "Gold" },
    recipient: { email: "mia@example.com", name: "Mia Weber", phone: "+4915112345678", externalId: "C-17" },
  });
  const device = phone(shop, serial);
  await device.register();
  clock.advance(3_600_000);
  await shop.post({ passTemplate: card, pass: { "points-balance": "90" }, recipient: { email: "mia@example.com" } });

  await shop.post('{"passTemplate": "ptk_0x1", "pass": {');
  await shop.post({
    passTemplate: card,
    pass: { "points-balance": "many", memberName: "Ada" },
    recipient: { email: "ada@example.com", name: "Ada Lovelace" },
  });
  await app.db.transaction(async ({ query }) => {
    const failure = {
      state: "dead" as const,
      attempts: 12,
      lastError: "Klaviyo answered 400: the profile is invalid.",
    };
    await query.update(outbox).set(failure).where(eq(outbox.orderingKey, serial));
    await query.update(outboxLanes).set({ alarm: "Klaviyo refuses the key." });
  });
  const sent = "email,name,points-balance\nben@example.com,Ben,70\nno@example.com,No,many\n";
  await bulkOf(shop).send(`mode=issue&template=${card}`, "text/csv", sent);
  app.data.bulk.worker.start();
  await app.data.bulk.worker.idle();
  const { id: webhook } = await webhookShop.subscribe();
  await webhookShop.answerTo("POST", `/v1/webhooks/${webhook}/test`);
  await app.accounts.create("Second brand");
  return {
    shop,
    serial,
    templates,
    [Symbol.asyncDispose]: () => webhookShop[Symbol.asyncDispose](),
  };
}
