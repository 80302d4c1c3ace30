import { expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { startFakeKlaviyo, startTestApp } from "./support/app.ts";

async function shopWithTicket(options: Parameters<typeof startTestApp>[0] = {}) {
  const shop = await startTestApp(options);
  const template = await shop.pushGallery("points-card");
  const pass = await shop.issue({
    passTemplate: template,
    pass: { "member-name": "Sarah", "points-balance": "10", "member-level": "Gold" },
    recipient: { email: "sarah@example.com" },
  });
  const call = async (method: string, body?: unknown, path = `${template}/${pass.serialNumber}`) => {
    const answer = await shop.request(`/v1/passes/${path}`, {
      method,
      headers: { "content-type": "application/json", "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return {
      status: answer.status,
      body: (await answer.json()) as PassObject & { code?: string; details?: unknown[] },
    };
  };
  const events = async () =>
    (await listPassEvents(shop.app.db.read, pass.serialNumber)).map(({ kind, version }) => `${kind} ${version}`);
  return { shop, template, pass, call, events };
}

test("PATCH and POST merge, PUT replaces", async () => {
  const { shop, call } = await shopWithTicket();
  await using _ = shop;
  const merged = await call("PATCH", { pass: { "points-balance": "20.0", "member-name": "" } });
  expect([merged.status, merged.body.pass]).toEqual([
    200,
    { "member-name": "Sarah", "points-balance": "20", "member-level": "Gold" },
  ]);
  expect((await call("POST", { pass: { "points-balance": 30 } })).body.pass["points-balance"]).toBe("30");
  const replaced = await call("PUT", {
    passTemplate: "ignored",
    serialNumber: "ignored",
    pass: { "member-name": "Ann" },
  });
  expect(replaced.body.pass).toMatchObject({ "member-name": "Ann", "points-balance": "0", "member-level": "Member" });
});

test("the address may name the template in any case and with leading zeros; another template is not found", async () => {
  const { shop, template, pass, call } = await shopWithTicket();
  await using _ = shop;
  const other = await shop.pushGallery("coupon");
  const loud = `PTK_0x00${template.slice(6).toUpperCase()}`;
  expect((await call("PATCH", { pass: {} }, `${loud}/${pass.serialNumber}`)).status).toBe(200);
  for (const method of ["GET", "PUT", "PATCH", "POST", "DELETE"]) {
    const body = method === "GET" || method === "DELETE" ? undefined : { pass: {} };
    expect([method, (await call(method, body, `${other}/${pass.serialNumber}`)).status]).toEqual([method, 404]);
    expect([method, (await call(method, body, `${template}/${"0".repeat(26)}`)).status]).toEqual([method, 404]);
  }
});

test("a change that shows gives a version; one that does not gives none", async () => {
  const { shop, call, events } = await shopWithTicket();
  await using _ = shop;
  await call("PATCH", { pass: { "points-balance": "10" } });
  expect(await events()).toEqual(["created 1"]);
  await call("PATCH", { pass: { "points-balance": "11" } });
  expect(await events()).toEqual(["created 1", "updated 2"]);
});

test("wrong values change nothing and are kept with every problem", async () => {
  const { shop, call, events } = await shopWithTicket();
  await using _ = shop;
  const answer = await call("PATCH", { pass: { "points-balance": "many", "member-nmae": "x" } });
  expect([answer.status, answer.body.details?.length]).toEqual([400, 2]);
  expect((await call("PATCH", "{not json")).status).toBe(400);
  expect(await events()).toEqual(["created 1"]);
  const { items } = await shop.app.rejected.list(shop.accountId, { limit: 10 });
  expect(items.map(({ route, status }) => `${status} ${route}`)).toEqual([
    "400 PATCH /v1/passes/:template/:serial",
    "400 PATCH /v1/passes/:template/:serial",
  ]);
});

test("a deleted pass stays to be seen, cannot be changed, and frees its recipient", async () => {
  const { shop, template, pass, call, events } = await shopWithTicket();
  await using _ = shop;
  expect((await call("DELETE")).body).toMatchObject({ serialNumber: pass.serialNumber, status: "deleted" });
  expect((await call("DELETE")).status).toBe(200);
  expect((await call("GET")).body.status).toBe("deleted");
  for (const method of ["PUT", "PATCH", "POST"]) {
    const refused = await call(method, { pass: { "points-balance": "1" } });
    expect([refused.status, refused.body.code]).toEqual([409, "PASS_DELETED"]);
  }
  expect(await events()).toEqual(["created 1", "deleted 2"]);
  const again = await shop.issue({ passTemplate: template, pass: {}, recipient: { email: "sarah@example.com" } });
  expect(again.serialNumber).not.toBe(pass.serialNumber);
});

test("Klaviyo learns of every change, in order", async () => {
  await using klaviyo = await startFakeKlaviyo();
  const { shop, pass, call } = await shopWithTicket({ klaviyo });
  await using _ = shop;
  shop.app.worker.start();
  await shop.app.worker.idle();
  await call("PATCH", { pass: { "points-balance": "20" } });
  await shop.app.worker.idle();
  await call("DELETE");
  await shop.app.worker.idle();
  expect(klaviyo.events.map(({ metric }) => metric)).toEqual(["Pass Created", "Pass Updated", "Pass Deleted"]);
  expect(klaviyo.events[1]?.event_properties).toMatchObject({
    serial: pass.serialNumber,
    voided: false,
    changed_fields: "points-balance",
  });
  expect(klaviyo.findProfile({ email: "sarah@example.com" })?.properties).toMatchObject({
    wallet_pass_state: "deleted",
  });
});

test("voiding shows on the pass, and is told once", async () => {
  const { shop, pass, call, events } = await shopWithTicket();
  await using _ = shop;
  const reference = { accountId: shop.accountId, serial: pass.serialNumber };
  await shop.app.updater.setVoided(reference, true);
  await shop.app.updater.setVoided(reference, true);
  expect((await call("GET")).body.status).toBe("voided");
  const text = Buffer.from(await (await shop.request(`/p/${pass.serialNumber}`)).bytes()).toString("latin1");
  expect(text).toContain('"voided":true');
  await shop.app.updater.setVoided(reference, false);
  expect((await call("GET")).body.status).toBe("issued");
  expect(await events()).toEqual(["created 1", "updated 2", "updated 3"]);
});
