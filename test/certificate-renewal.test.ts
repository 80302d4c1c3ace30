import { expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { readSignature } from "../src/apple/lint/read-signature.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { createFakeClock, TEST_NOW } from "./support/clock.ts";
import { createFakeApple, DAY_MS } from "./support/fake-apple.ts";
import { jsonFile, readPackage } from "./support/read-package.ts";

const CARD = "pass.com.example.card";
const TICKET = "pass.com.example.ticket";
const YEAR_MS = 365 * DAY_MS;
const apple = createFakeApple(TEST_NOW);

const issued = (passTypeIdentifier: string, now: number, lifetimeMs = YEAR_MS) =>
  apple.issue({ passTypeIdentifier, now, lifetimeMs });

async function fetchPass(shop: TestApp, serial: string) {
  const answer = await shop.request(`/p/${serial}.pkpass`);
  expect(answer.status).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const files = await readPackage(bytes);
  return {
    bytes,
    etag: answer.headers.get("etag") ?? "",
    lastModified: answer.headers.get("last-modified") ?? "",
    passJson: jsonFile(files, "pass.json"),
    isSignedBy: (certificate: Buffer) => {
      const [signature, manifest] = [files.get("signature"), files.get("manifest.json")];
      if (!signature || !manifest) throw new Error("The package is not whole.");
      const read = readSignature(signature, manifest);
      if (read.kind !== "read" || read.faults.length > 0) return false;
      return read.leaf?.x509.fingerprint256 === new X509Certificate(certificate).fingerprint256;
    },
  };
}

async function issuePass(shop: TestApp, template: string): Promise<string> {
  const { serialNumber } = await shop.issue({
    passTemplate: template,
    pass: { "member-name": "Sarah" },
    recipient: { email: "sarah@example.com" },
  });
  return serialNumber;
}

test("a renewed certificate signs from the next fetch on, and the older is kept", async () => {
  await using shop = await startTestApp();
  const { identities } = shop.app;
  const old = issued(CARD, TEST_NOW);
  const { id: oldId } = await identities.import(shop.accountId, old);
  const serial = await issuePass(shop, await shop.pushGallery("points-card"));
  const before = await fetchPass(shop, serial);
  expect(before.isSignedBy(old.certificate)).toBe(true);

  shop.clock.advance(340 * DAY_MS);
  expect((await fetchPass(shop, serial)).bytes).toEqual(before.bytes);
  const renewed = issued(CARD, shop.clock.now());
  const { id: renewedId } = await identities.import(shop.accountId, renewed);

  const after = await fetchPass(shop, serial);
  expect(after.isSignedBy(renewed.certificate)).toBe(true);
  expect(after.isSignedBy(old.certificate)).toBe(false);
  expect(after.etag).not.toBe(before.etag);
  expect(after.bytes).not.toEqual(before.bytes);
  expect(Date.parse(after.lastModified)).toBeGreaterThan(Date.parse(before.lastModified));
  expect(after.passJson).toEqual(before.passJson);

  const kept = await identities.list(shop.accountId, { limit: 10 });
  expect(kept.items.map(({ id }) => id)).toEqual(expect.arrayContaining([oldId, renewedId]));
});

test("a phone that asks whether its pass changed gets the one that is signed anew", async () => {
  await using shop = await startTestApp();
  await shop.app.identities.import(shop.accountId, issued(CARD, TEST_NOW));
  const serial = await issuePass(shop, await shop.pushGallery("points-card"));
  const { etag, lastModified } = await fetchPass(shop, serial);
  const ask = (headers: Record<string, string>) => shop.request(`/p/${serial}.pkpass`, { headers });
  expect((await ask({ "if-none-match": etag })).status).toBe(304);
  expect((await ask({ "if-modified-since": lastModified })).status).toBe(304);

  shop.clock.advance(340 * DAY_MS);
  await shop.app.identities.import(shop.accountId, issued(CARD, shop.clock.now()));
  expect((await ask({ "if-none-match": etag })).status).toBe(200);
  expect((await ask({ "if-modified-since": lastModified })).status).toBe(200);
});

test("each template is signed with the certificate of the pass type that it names", async () => {
  await using shop = await startTestApp();
  const [card, ticket] = [issued(CARD, TEST_NOW), issued(TICKET, TEST_NOW)];
  await shop.app.identities.import(shop.accountId, card);
  await shop.app.identities.import(shop.accountId, ticket);
  const source = await shop.app.templates.current(shop.accountId, await shop.pushGallery("points-card"));
  for (const [passTypeIdentifier, mine, other] of [
    [CARD, card, ticket],
    [TICKET, ticket, card],
  ] as const) {
    const template = await shop.pushTemplate({ definition: { ...source.definition, passTypeIdentifier } });
    const pass = await fetchPass(shop, await issuePass(shop, template));
    expect(pass.passJson["passTypeIdentifier"]).toBe(passTypeIdentifier);
    expect(pass.isSignedBy(mine.certificate)).toBe(true);
    expect(pass.isSignedBy(other.certificate)).toBe(false);
  }
});

test("a development certificate never stands in for one of Apple's that has expired", async () => {
  await using shop = await startTestApp();
  await shop.app.identities.import(shop.accountId, issued(CARD, TEST_NOW, 10 * DAY_MS));
  const serial = await issuePass(shop, await shop.pushGallery("points-card"));
  shop.clock.advance(11 * DAY_MS);
  expect((await fetchPass(shop, serial)).passJson["passTypeIdentifier"]).toBe(CARD);
});

test("the same certificate with a newer intermediate is stored with that one, and signs anew", async () => {
  await using shop = await startTestApp({ clock: createFakeClock(TEST_NOW) });
  const files = issued(CARD, TEST_NOW);
  const first = await shop.app.identities.import(shop.accountId, files);
  const serial = await issuePass(shop, await shop.pushGallery("points-card"));
  const before = await fetchPass(shop, serial);

  shop.clock.advance(DAY_MS);
  const newer = Buffer.from(createFakeApple(TEST_NOW, 9 * YEAR_MS).intermediatePem);
  const second = await shop.app.identities.import(shop.accountId, { ...files, intermediate: newer });
  expect(second.id).toBe(first.id);
  const after = await fetchPass(shop, serial);
  expect(after.etag).not.toBe(before.etag);
  expect(after.bytes).not.toEqual(before.bytes);
  expect(after.isSignedBy(files.certificate)).toBe(true);
});
