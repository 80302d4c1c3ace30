import { describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { startTestApp, type TestApp } from "./support/app.ts";

interface Version {
  readonly etag: string;
  /** Seconds. */
  readonly lastModified: number;
  readonly bytes: Buffer;
}

async function versionOf(shop: TestApp, { serialNumber }: PassObject): Promise<Version> {
  const response = await shop.request(`/p/${serialNumber}`);
  expect(response.status).toBe(200);
  return {
    etag: response.headers.get("etag") ?? "",
    lastModified: Date.parse(response.headers.get("last-modified") ?? "") / 1000,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

/** What everybody who asks with one of its validators must be given instead of a 304. */
async function expectNewer(shop: TestApp, pass: PassObject, before: Version): Promise<Version> {
  const after = await versionOf(shop, pass);
  expect(after.etag).not.toBe(before.etag);
  expect(after.bytes.equals(before.bytes)).toBe(false);
  expect(after.lastModified).toBeGreaterThan(before.lastModified);
  const since = { "if-modified-since": new Date(before.lastModified * 1000).toUTCString() };
  expect((await shop.request(`/p/${pass.serialNumber}`, { headers: since })).status).toBe(200);
  return after;
}

const card = (template: string, points: string, name = "Sarah") => ({
  passTemplate: template,
  pass: { "points-balance": points },
  recipient: { email: "sarah@example.com", name },
});

describe("the same bytes under the same tag", () => {
  test("from the cache, and from a server that has lost it", async () => {
    await using shop = await startTestApp();
    const pass = await shop.issue(card(await shop.pushGallery("points-card"), "10"));
    const first = await versionOf(shop, pass);
    expect(await versionOf(shop, pass)).toEqual(first);
    await shop.app[Symbol.asyncDispose]();
    shop.clock.advance(3_600_000);
    await using again = await startTestApp({ dataDir: shop.dataDir, clock: shop.clock });
    expect(await versionOf(again, pass)).toEqual(first);
  });

  test("after a repeat that changed nothing", async () => {
    await using shop = await startTestApp();
    const template = await shop.pushGallery("points-card");
    const pass = await shop.issue(card(template, "10"));
    const first = await versionOf(shop, pass);
    shop.clock.advance(60_000);
    await shop.issue(card(template, "10.0"));
    expect(await versionOf(shop, pass)).toEqual(first);
  });

  test("for fifty who ask at once", async () => {
    await using shop = await startTestApp();
    const pass = await shop.issue(card(await shop.pushGallery("points-card"), "10"));
    const versions = await Promise.all(Array.from({ length: 50 }, () => versionOf(shop, pass)));
    expect(new Set(versions.map(({ bytes }) => bytes.toString("base64"))).size).toBe(1);
  });
});

describe("new bytes, a new tag and a later time", () => {
  test("after an update, also twice within one second", async () => {
    await using shop = await startTestApp();
    const template = await shop.pushGallery("points-card");
    const pass = await shop.issue(card(template, "10"));
    let version = await versionOf(shop, pass);
    for (const points of ["11", "12", "13"]) {
      await shop.issue(card(template, points));
      version = await expectNewer(shop, pass, version);
    }
    shop.clock.advance(60_000);
    await shop.issue(card(template, "14"));
    await expectNewer(shop, pass, version);
  });

  test("after the template changed", async () => {
    await using shop = await startTestApp();
    const template = await shop.pushGallery("points-card");
    const pass = await shop.issue(card(template, "10"));
    const before = await versionOf(shop, pass);
    shop.clock.advance(60_000);
    const { definition, images } = await shop.app.templates.current(shop.accountId, template);
    const { style: _, ...rest } = definition.pass;
    await shop.app.templates.push(shop.accountId, {
      id: template,
      definition: { ...definition, pass: { ...rest, logoText: "New" } },
      images: new Map(images),
    });
    const after = await expectNewer(shop, pass, before);
    // And a change of the pass right after it.
    await shop.issue(card(template, "11"));
    await expectNewer(shop, pass, after);
  });

  test("after the name on it changed, and nothing else", async () => {
    await using shop = await startTestApp();
    const template = await shop.pushGallery("coupon");
    const coupon = (name: string) => ({
      passTemplate: template,
      pass: { offer: "20 % off", "coupon-code": "A" },
      recipient: { email: "sarah@example.com", name },
    });
    const pass = await shop.issue(coupon("Sarah"));
    const before = await versionOf(shop, pass);
    await shop.issue(coupon("Sarah Miller"));
    const after = await expectNewer(shop, pass, before);
    shop.clock.advance(60_000);
    await shop.issue(coupon("Sarah Miller-Jones"));
    await expectNewer(shop, pass, after);
  });
});
