import { afterEach, beforeEach, expect, test } from "bun:test";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startWebhookShop, type WebhookShop } from "./support/webhook-shop.ts";

let place: WebhookShop;
let owner: AdminBrowser;
const at = (path: string): string => `/admin/${place.shop.accountId}${path}`;
const read = async (path: string): Promise<string> => textOf(await owner.page(at(path)));

beforeEach(async () => {
  place = await startWebhookShop();
  owner = await signedIn(place.shop, "owner");
});
afterEach(() => place[Symbol.asyncDispose]());

const fields = (more: Record<string, string> = {}) => ({
  name: "Till",
  url: place.receiver.url,
  "pn.pass.issued": "on",
  "pn.pass.deleted": "on",
  ...more,
});
async function make(more?: Record<string, string>) {
  const response = await owner.submit(at("/webhooks/create"), fields(more));
  const path = response.headers.get("location")?.replace(at(""), "") ?? "";
  return { path, html: await owner.page(at(path)) };
}

test("a webhook is made, and its secrets are shown once", async () => {
  expect(await read("/webhooks")).toContain("Nobody else is told");
  const { path, html } = await make();
  const token = /whb_[\w-]+/.exec(html)?.[0] ?? "none";
  const secret = /whsec_[\w+/=-]+/.exec(html)?.[0] ?? "none";
  expect(textOf(html)).toContain("Copy these two secrets now.");
  const { serialNumber } = await place.issue();
  expect(place.receiver.deliveries[0]?.headers["authorization"]).toBe(`Bearer ${token}`);
  const again = await owner.page(at(path));
  expect([again.includes(token), again.includes(secret)]).toEqual([false, false]);
  expect(await read("/webhooks")).toContain("issued, deleted every one Working");
  expect(textOf(again)).toContain(`issued ${serialNumber.slice(0, 8)}… 200 1 just now`);
  expect(again).toContain(`href="${at(`/passes/${serialNumber}`)}"`);
});

test("what is wrong stands at its field, with what was typed", async () => {
  const response = await owner.submit(at("/webhooks/create"), {
    name: "",
    url: "http://10.0.0.1/",
    includeValues: "true",
  });
  expect(response.status).toBe(400);
  const html = await response.text();
  const text = textOf(html);
  expect(text).toContain("Must have 1 to 200 characters");
  expect(text).toContain("not on the public internet");
  expect(text).toContain("Tick at least one");
  expect(html).toContain('value="http://10.0.0.1/"');
  expect(html).toMatch(/name="includeValues" value="true" checked/);
});

test("it is edited, paused, resumed, tested and deleted", async () => {
  const { path } = await make();
  const act = async (name: string, sent = {}) => textOf(await owner.do(at(`${path}/${name}`), sent));
  expect(await act("edit", { ...fields(), name: "Warehouse" })).toContain("Warehouse Working");
  expect(await act("pause")).toContain("Paused by one of you");
  await place.issue();
  expect(place.receiver.deliveries).toHaveLength(0);
  expect(await act("resume")).toContain("From now on it is told of everything again.");
  expect(await act("test")).toContain("The receiver took the test: it answered 200.");
  place.receiver.plan({ status: 401, body: "<b>who are you</b>" });
  expect(await act("test")).toContain("The receiver did not take the test: it answered 401.");
  const page = await owner.page(at(path));
  expect(page).toContain("&lt;b>who are you&lt;/b>");
  expect(page).not.toContain("<b>who");
  expect(await act("delete")).toContain("Nobody else is told");
  expect((await owner.get(at(path))).status).toBe(404);
});

test("a receiver that fails, is left in peace, or has gone is described", async () => {
  const { path } = await make();
  place.receiver.reactAlways({ status: 500 });
  await place.issue();
  expect(await read(path)).toContain(
    "It has failed once, the first time just now . Each is tried again for seven days.",
  );
  for (let i = 0; i < 4; i++) await place.issue();
  expect(await read(path)).toMatch(
    /5 times in a row, the first time just now \. It is left in peace for a while; one event tries it again/,
  );
  expect(await read("/webhooks")).toContain("Failing");
  place.receiver.reactAlways({ status: 410 });
  await place.advance(60_000);
  expect(await read(path)).toContain("Switched off");
  expect(await read(path)).toContain("The receiver answered 410 (gone)");
});

test("another account's is not found", async () => {
  const { path } = await make();
  const other = await place.shop.app.accounts.create("Other");
  const there = path.replace("/webhooks", `/admin/${other.id}/webhooks`);
  expect((await owner.get(there)).status).toBe(404);
  expect((await owner.submit(`${there}/delete`)).status).toBe(404);
  expect((await owner.get(at(path))).status).toBe(200);
});
