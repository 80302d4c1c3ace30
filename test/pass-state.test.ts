import { describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { apiOf } from "./support/api-client.ts";
import { startTestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { readPackage } from "./support/read-package.ts";
import { cardWith } from "./support/template.ts";

const DAY_MS = 86_400_000;

async function shopWithCoupon() {
  const shop = await startTestApp();
  const template = await shop.pushTemplate({
    definition: cardWith(
      { until: { type: "date" } },
      { timeZone: "Europe/Berlin", pass: { description: "A", expirationDate: "{{until}}", generic: {} } },
    ),
  });
  const pass = await shop.issue({
    passTemplate: template,
    pass: { until: "2026-11-30" },
    recipient: { email: "a@b.cd" },
  });
  const { json } = apiOf(shop);
  const path = `/passes/${template}/${pass.serialNumber}`;
  const act = (action: string) => json<PassObject & { code?: string }>("POST", `${path}/${action}`);
  const status = async () => (await json<PassObject>("GET", path)).body.status;
  const passJson = async () => {
    const answer = await shop.request(`/p/${pass.serialNumber}.pkpass`);
    return JSON.parse(String((await readPackage(await answer.bytes())).get("pass.json")));
  };
  return { shop, template, pass, act, status, passJson };
}

describe("a pass expires", () => {
  test("when its day is over in its zone", async () => {
    const { shop, status } = await shopWithCoupon();
    await using _ = shop;
    shop.clock.set(Date.UTC(2026, 10, 30, 22, 59, 58));
    expect(await status()).toBe("issued");
    shop.clock.set(Date.UTC(2026, 10, 30, 22, 59, 59));
    expect(await status()).toBe("expired");
  });

  test("when it is made to, and phones are shown it so; until it is given its day back", async () => {
    const { shop, act, status, passJson, pass } = await shopWithCoupon();
    await using _ = shop;
    shop.clock.advance(DAY_MS);
    const expired = await act("expire");
    expect([expired.status, expired.body.status, await status()]).toEqual([200, "expired", "expired"]);
    // Void as well: passes of the generic styles do not expire by themselves.
    expect(await passJson()).toMatchObject({ expirationDate: "2026-11-22T12:00:00Z", voided: true });
    const { version } = (await shop.app.links.load(pass.serialNumber)).pass;
    expect((await act("expire")).body.status).toBe("expired");
    expect((await shop.app.links.load(pass.serialNumber)).pass.version).toBe(version);
    expect((await act("unexpire")).body.status).toBe("issued");
    const again = await passJson();
    expect([again.expirationDate, again.voided]).toEqual(["2026-11-30T23:59:59+01:00", undefined]);
  });

  test("and what became of it otherwise is said first", async () => {
    const { shop, act, status, pass } = await shopWithCoupon();
    await using _ = shop;
    await act("expire");
    expect((await act("void")).body.status).toBe("voided");
    expect((await act("unvoid")).body.status).toBe("expired");
    await shop.app.updater.remove({ accountId: shop.accountId, serial: pass.serialNumber });
    expect(await status()).toBe("deleted");
    expect(await act("unexpire")).toMatchObject({ status: 409, body: { code: "PASS_DELETED" } });
  });
});

test("a pass of another template, account or none cannot be made to expire", async () => {
  const { shop, pass } = await shopWithCoupon();
  await using _ = shop;
  const other = await shop.pushGallery("coupon");
  const { json } = apiOf(shop);
  for (const path of [`${other}/${pass.serialNumber}`, `${other}/${"0".repeat(26)}`]) {
    expect((await json("POST", `/passes/${path}/expire`)).status).toBe(404);
  }
});

test("the commands do the same", async () => {
  const { shop, pass } = await shopWithCoupon();
  await using _ = shop;
  const data = ["--data", shop.dataDir];
  const { stdout } = await cli("pass", "expire", pass.serialNumber, ...data);
  expect(stdout).toBe(`Pass ${pass.serialNumber} is expired.\n`);
  const listed = await cliJson<{ items: { status: string }[] }>("pass", "list", "--state", "expired", ...data);
  expect(listed.items.map(({ status }) => status)).toEqual(["expired"]);
  await cliJson("pass", "unexpire", pass.serialNumber, ...data);
  expect((await shop.app.links.load(pass.serialNumber)).pass.expiredAt).toBeNull();
});
