import { expect, test } from "bun:test";
import { startTestApp } from "./support/app.ts";
import { createFakeApple, DAY_MS } from "./support/fake-apple.ts";

interface Refusal {
  readonly error: string;
  readonly details?: readonly { path: string; message: string }[];
}

async function couponShop() {
  const shop = await startTestApp();
  const template = await shop.pushGallery("coupon");
  const issue = (pass: object) =>
    shop.post({ passTemplate: template, pass: { offer: "20 % off", "coupon-code": "A1", ...pass } });
  return { shop, template, issue };
}

test("a value with which a phone would refuse the pass is refused at once, with the place and the rule", async () => {
  const { shop, issue } = await couponShop();
  await using _ = shop;
  const answer = await issue({ "coupon-code": "値引き" });
  const body = (await answer.json()) as Refusal;
  expect(answer.status).toBe(400);
  expect(body.details?.[0]?.path).toStartWith("pass.barcodes");
  expect(body.error).toContain("APL302");
  const { items } = await shop.app.rejected.list(shop.accountId, { limit: 1 });
  expect(items[0]?.error).toContain("APL302");
});

test("what loses something on the phone is issued, and noted with the pass", async () => {
  const { shop, issue } = await couponShop();
  await using _ = shop;
  const answer = await issue({ "valid-until": "2020-01-01" });
  expect(answer.status).toBe(200);
  const { serialNumber } = (await answer.json()) as { serialNumber: string };
  expect((await shop.app.links.load(serialNumber)).pass.notes.join()).toContain("APL113");
});

test("a good pass has no notes", async () => {
  const { shop, issue } = await couponShop();
  await using _ = shop;
  const { serialNumber } = (await (await issue({ "valid-until": "2027-01-01" })).json()) as { serialNumber: string };
  expect((await shop.app.links.load(serialNumber)).pass.notes).toEqual([]);
});

test("a template is refused for what Wallet would refuse, and told what it would not show", async () => {
  const { shop, template } = await couponShop();
  await using _ = shop;
  const { definition, images } = await shop.app.templates.current(shop.accountId, template);
  const withPass = (pass: object) => ({
    id: template,
    images,
    definition: { ...definition, pass: { ...definition.pass, ...pass } },
  });
  const push = (pass: object) => shop.app.templates.push(shop.accountId, withPass(pass));

  const wrong = {
    barcodes: [{ format: "PKBarcodeFormatITF", message: "1", messageEncoding: "iso-8859-1" }],
    semantics: { eventStartDateInfo: "soon" },
  };
  const refused = (await push(wrong).catch((error: unknown) => error)) as { details: { message: string }[] };
  expect(refused.details.map(({ message }) => /APL\d+/.exec(message)?.[0]).toSorted()).toEqual(["APL301", "APL501"]);

  const { warnings } = await push({
    backgroundColor: "#ff8800",
    locations: Array.from({ length: 11 }, () => ({ latitude: "52.5", longitude: 13 })),
  });
  expect(warnings.map(({ id }) => id)).toContain("APL107");
  expect(warnings.map(({ id }) => id)).toContain("APL307");
  const stored = await shop.app.templates.current(shop.accountId, template);
  expect(stored.definition.pass["backgroundColor"]).toBe("rgb(255, 136, 0)");
  expect(JSON.stringify(stored.definition.pass["locations"])).toStartWith('[{"latitude":52.5,');
});

test("NFC and rewards enrolment need a certificate with Apple's NFC entitlement: said at the push", async () => {
  const { shop, template } = await couponShop();
  await using _ = shop;
  const now = shop.clock.now();
  const files = createFakeApple(now).issue({
    passTypeIdentifier: "pass.com.example.plain",
    now,
    lifetimeMs: 100 * DAY_MS,
  });
  await shop.app.identities.import(shop.accountId, files);
  const { definition, images } = await shop.app.templates.current(shop.accountId, template);
  const push = async (change: object) => {
    const source = { id: template, images, definition: { ...definition, ...change } };
    return shop.app.templates.push(shop.accountId, source).catch((error: unknown) => error) as Promise<{
      details?: { path: string; message: string }[];
      version?: number;
    }>;
  };
  const key = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgACxzi8XkZBnJ1VOZCDnzcZYHnnwhIWVLsJGLSFHdG0VGw=";
  const nfc = await push({ pass: { ...definition.pass, nfc: { message: "1", encryptionPublicKey: key } } });
  expect(nfc.details?.map(({ message }) => message).join()).toContain("APL009");
  const rewards = await push({ personalization: { description: "Join us.", fields: { Name: "" } } });
  expect(rewards.details?.map(({ message }) => message).join()).toContain("APL009");
  expect((await push({})).version).toBe(2);
});
