import { expect, test } from "bun:test";
import { devicesOf, pushTotals } from "../src/apple/device-store.ts";
import { PUSH_WINDOW_MS } from "../src/apple/push-jobs.ts";
import { startFakeApns, startTestApp } from "./support/app.ts";

const TYPE = "pass.dev.passhook.demo";
const MINUTE = 60_000;

/** A shop whose pass sits on phones, and Apple's push service. */
async function shopWithPhones(phones: number) {
  const apns = await startFakeApns();
  const shop = await startTestApp({ apns });
  const template = await shop.pushGallery("points-card");
  const { serialNumber: serial } = await shop.issue({
    passTemplate: template,
    pass: {},
    recipient: { email: "a@example.com" },
  });
  const tokenOf = (i: number) => i.toString(16).padStart(64, "0");
  const register = (i: number, pass = serial) =>
    shop.request(`/passkit/v1/devices/phone-${i}/registrations/${TYPE}/${pass}`, {
      method: "POST",
      headers: { authorization: `ApplePass ${shop.app.vault.authenticationToken(pass)}` },
      body: JSON.stringify({ pushToken: tokenOf(i) }),
    });
  for (let i = 0; i < phones; i++) await register(i);
  const setPoints = (points: number, pass = serial) =>
    shop.request(`/v1/passes/${template}/${pass}`, {
      method: "PATCH",
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body: JSON.stringify({ pass: { "points-balance": points } }),
    });
  const settle = async () => {
    await shop.app.worker.idle();
  };
  const tokens = () => apns.pushes.filter(({ status }) => status === 200).map(({ token }) => token);
  shop.app.worker.start();
  await settle();
  const close = async () => {
    await shop[Symbol.asyncDispose]();
    await apns[Symbol.asyncDispose]();
  };
  return { apns, shop, template, serial, tokenOf, register, setPoints, settle, tokens, [Symbol.asyncDispose]: close };
}

test("a change is pushed to every phone that holds the pass: empty, with the topic and the pass certificate", async () => {
  await using all = await shopWithPhones(3);
  await all.setPoints(10);
  await all.settle();
  expect(all.tokens().toSorted()).toEqual([0, 1, 2].map(all.tokenOf));
  for (const push of all.apns.pushes) {
    expect([push.payload, push.topic, push.certificateUid]).toEqual(["{}", TYPE, TYPE]);
  }
  expect(new Set(all.apns.pushes.map(({ connection }) => connection)).size).toBe(1);
  expect(await pushTotals(all.shop.app.db.read)).toEqual([{ passTypeIdentifier: TYPE, outcome: "200", count: 3 }]);
});

test("when the push arrives the phone finds the change", async () => {
  await using all = await shopWithPhones(1);
  const path = `/passkit/v1/devices/phone-0/registrations/${TYPE}`;
  const { lastUpdated } = (await (await all.shop.request(path)).json()) as { lastUpdated: string };
  const arrived = all.apns.nextPush();
  await all.setPoints(10);
  await arrived;
  const changed = await all.shop.request(`${path}?passesUpdatedSince=${lastUpdated}`);
  expect(await changed.json()).toMatchObject({ serialNumbers: [all.serial] });
  await all.settle();
});

test("changes within a minute are one further push, and none is lost", async () => {
  await using all = await shopWithPhones(1);
  await all.setPoints(1);
  await all.settle();
  for (const points of [2, 3, 4]) await all.setPoints(points);
  await all.settle();
  expect(all.tokens().length).toBe(1);
  all.shop.clock.advance(PUSH_WINDOW_MS + 1_000);
  await all.settle();
  expect(all.tokens().length).toBe(2);
  all.shop.clock.advance(10 * MINUTE);
  await all.settle();
  expect(all.tokens().length).toBe(2);
});

test("two passes of one type on one phone that change together are one push", async () => {
  await using all = await shopWithPhones(1);
  const other = await all.shop.issue({ passTemplate: all.template, pass: {}, recipient: { email: "b@example.com" } });
  await all.register(0, other.serialNumber);
  await Promise.all([all.setPoints(5), all.setPoints(5, other.serialNumber)]);
  await all.settle();
  expect(all.tokens()).toEqual([all.tokenOf(0)]);
});

test("what does not show is not pushed", async () => {
  await using all = await shopWithPhones(1);
  await all.setPoints(0);
  await all.settle();
  expect(all.apns.pushes).toEqual([]);
});

test("410: a phone that is gone is forgotten and the pass is uninstalled; one that came back since is kept", async () => {
  await using all = await shopWithPhones(2);
  all.apns.unregister(all.tokenOf(0), all.shop.clock.now() + 1_000);
  all.apns.unregister(all.tokenOf(1), all.shop.clock.now() - MINUTE);
  await all.setPoints(1);
  await all.settle();
  expect((await devicesOf(all.shop.app.db.read, all.serial)).map(({ deviceId }) => deviceId)).toEqual(["phone-1"]);
  expect((await all.shop.app.links.load(all.serial)).pass.state).toBe("active");
});

test("a token that Apple does not know is forgotten without holding up the others", async () => {
  await using all = await shopWithPhones(3);
  all.apns.respondAlways({ status: 400, reason: "BadDeviceToken" }, { token: all.tokenOf(1) });
  await all.setPoints(1);
  await all.settle();
  expect(all.tokens().toSorted()).toEqual([all.tokenOf(0), all.tokenOf(2)]);
  const left = await devicesOf(all.shop.app.db.read, all.serial);
  expect(left.map(({ deviceId }) => deviceId).toSorted()).toEqual(["phone-0", "phone-2"]);
});

test.each([
  ["DeviceTokenNotForTopic", 400],
  ["BadTopic", 400],
  ["BadCertificate", 403],
])(
  "%s is our fault: every registration stays, the lane stops with an alarm, and goes on when it is mended",
  async (reason, status) => {
    await using all = await shopWithPhones(2);
    all.apns.respondAlways({ status, reason });
    await all.setPoints(1);
    await all.settle();
    expect((await devicesOf(all.shop.app.db.read, all.serial)).length).toBe(2);
    const [lane] = (await all.shop.app.outbox.lanes(all.shop.accountId)).filter(({ kind }) => kind === "apple.push");
    expect(lane?.alarm).toContain(reason);
    all.apns.clearFaults();
    all.shop.clock.advance(16 * MINUTE);
    await all.settle();
    expect(all.tokens().toSorted()).toEqual([all.tokenOf(0), all.tokenOf(1)]);
    const [mended] = (await all.shop.app.outbox.lanes(all.shop.accountId)).filter(({ kind }) => kind === "apple.push");
    expect(mended?.alarm).toBeNull();
  },
);

test.each([[429], [500], [503]])("%i is tried again later", async (status) => {
  await using all = await shopWithPhones(1);
  all.apns.failNext({ status, reason: "x" });
  await all.setPoints(1);
  await all.settle();
  expect(all.tokens()).toEqual([]);
  expect((await devicesOf(all.shop.app.db.read, all.serial))[0]?.lastPushResult).toBe(`${status} x`);
  all.shop.clock.advance(20 * MINUTE);
  await all.settle();
  expect(all.tokens()).toEqual([all.tokenOf(0)]);
});

test("a template's new version is pushed once to each phone, and a single change does not wait for it", async () => {
  await using all = await shopWithPhones(1);
  const serials: string[] = [];
  for (let i = 1; i <= 60; i++) {
    const { serialNumber } = await all.shop.issue({
      passTemplate: all.template,
      pass: {},
      recipient: { email: `p${i}@example.com` },
    });
    await all.register(i, serialNumber);
    serials.push(serialNumber);
  }
  await all.settle();
  const { definition, images } = await all.shop.app.templates.current(all.shop.accountId, all.template);
  all.shop.clock.advance(5_000);
  await all.shop.app.templates.push(all.shop.accountId, {
    id: all.template,
    definition: { ...definition, pass: { ...definition.pass, logoText: "Another name" } },
    images,
  });
  await all.settle();
  expect(all.tokens().toSorted()).toEqual(Array.from({ length: 61 }, (_, i) => all.tokenOf(i)));
  for (const serial of serials.slice(0, 3)) {
    expect((await all.shop.app.links.load(serial)).pass.version).toBe(1);
  }
});
