import { expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import SqliteDatabase from "better-sqlite3";
import type { PassObject } from "../src/api/pass-object.ts";
import { PassList } from "../src/api/schemas/pass.ts";
import { newSerial } from "../src/ids.ts";
import { callApi } from "./support/api.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { TEST_NOW } from "./support/clock.ts";
import { jsonFile, readPackage } from "./support/read-package.ts";

async function shopWithPasses(count: number) {
  const shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const serials: string[] = [];
  for (let i = 0; i < count; i++) serials.push((await shop.issue({ passTemplate: template, pass: {} })).serialNumber);
  return { shop, template, serials: serials.sort() };
}

const listOf = (shop: TestApp, path: string) => callApi<PassList>(shop, "GET", `/v1/passes/${path}`);
const serialsOf = ({ body }: { body: PassList }) => body.passes.map(({ serialNumber }) => serialNumber);

/** Copies of a pass, straight into the database. */
function copyPass(shop: TestApp, serial: string, count: number): void {
  const client = new SqliteDatabase(`${shop.dataDir}/passhook.db`);
  const columns = client
    .prepare<[], { name: string }>(
      "SELECT name FROM pragma_table_info('passes') WHERE name NOT IN ('serial', 'reusable')",
    )
    .all()
    .map(({ name }) => name)
    .join(", ");
  const copy = client.prepare(
    `INSERT INTO passes (serial, reusable, ${columns}) SELECT ?, 0, ${columns} FROM passes WHERE serial = ?`,
  );
  client.transaction(() => {
    for (let i = 0; i < count; i++) copy.run(newSerial(TEST_NOW), serial);
  })();
  client.close();
}

test("the whole list has complete passes in the order of their serial numbers, and no other template's", async () => {
  const { shop, template, serials } = await shopWithPasses(5);
  await using _ = shop;
  const other = await shop.pushGallery("coupon");
  const list = await listOf(shop, template);
  expect([list.status, [...Value.Errors(PassList, list.body)]]).toEqual([200, []]);
  expect([serialsOf(list), list.body.next]).toEqual([serials, null]);
  const one = await callApi<PassObject>(shop, "GET", `/v1/passes/${template}/${serials[0]}`);
  expect(list.body.passes[0]).toEqual(one.body);
  expect((await listOf(shop, other)).body).toEqual({ passes: [], next: null });
});

test("deleted passes are not listed; voided and uninstalled ones are", async () => {
  const { shop, template, serials } = await shopWithPasses(3);
  await using _ = shop;
  const [first = "", second = "", third = ""] = serials;
  await callApi(shop, "DELETE", `/v1/passes/${template}/${second}`);
  await shop.app.updater.setVoided({ accountId: shop.accountId, serial: third }, true);
  expect(serialsOf(await listOf(shop, template))).toEqual([first, third]);
  expect(serialsOf(await listOf(shop, `${template}?limit=1`))).toEqual([first]);
  expect(serialsOf(await listOf(shop, `${template}?limit=1&after=${first}`))).toEqual([third]);
});

test("pages: every pass once, also over pages of the database that hold deleted passes only", async () => {
  const { shop, template, serials } = await shopWithPasses(1);
  await using _ = shop;
  copyPass(shop, serials[0] ?? "", 449);
  const client = new SqliteDatabase(`${shop.dataDir}/passhook.db`);
  const all = client.prepare<[], { serial: string }>("SELECT serial FROM passes ORDER BY serial").all();
  const gone = all.slice(20, 420);
  for (const { serial } of gone) client.prepare("UPDATE passes SET state = 'deleted' WHERE serial = ?").run(serial);
  client.close();
  const expected = [...all.slice(0, 20), ...all.slice(420)].map(({ serial }) => serial);

  const seen: string[] = [];
  for (let after = "", pages = 0; pages < 100; pages++) {
    const page = await listOf(shop, `${template}?limit=7${after && `&after=${after}`}`);
    expect(page.body.passes.length).toBeLessThanOrEqual(7);
    seen.push(...serialsOf(page));
    if (page.body.next === null) break;
    after = page.body.next;
  }
  expect(seen).toEqual(expected);
  expect(serialsOf(await listOf(shop, template))).toEqual(expected);
  expect(serialsOf(await listOf(shop, `${template}?after=${expected[30]}`))).toEqual(expected.slice(31));
});

test("a limit that is none: 400", async () => {
  const { shop, template } = await shopWithPasses(0);
  await using _ = shop;
  const details = [{ path: "limit", message: "must be a whole number from 1 to 1000" }];
  for (const limit of ["0", "1001", "-1", "1.5", "ten", ""]) {
    const { status, body } = await callApi(shop, "GET", `/v1/passes/${template}?limit=${limit}`);
    expect([limit, status, body["details"]]).toEqual([limit, 400, details]);
  }
});

test("a long list is read while it is sent, a page at a time, and others are served meanwhile", async () => {
  const { shop, template, serials } = await shopWithPasses(1);
  await using _ = shop;
  copyPass(shop, serials[0] ?? "", 20_000);
  const headers = { "x-api-key": shop.apiKey, "x-account-id": shop.accountId };
  const response = await shop.request(`/v1/passes/${template}`, { headers });
  const reader = response.body?.getReader();
  if (!reader) throw new Error("no body");
  const decoder = new TextDecoder();
  let text = "";
  while (text.length < 10_000) text += decoder.decode((await reader.read()).value);
  // What has not been read yet is not in memory either: the last pass goes now, and the list does not have it.
  const client = new SqliteDatabase(`${shop.dataDir}/passhook.db`);
  const last = client.prepare<[], { serial: string }>("SELECT max(serial) AS serial FROM passes").get()?.serial ?? "";
  client.prepare("UPDATE passes SET state = 'deleted' WHERE serial = ?").run(last);
  client.close();
  let turns = 0;
  const others = (async () => {
    for (; turns < 20; turns++) await shop.request("/livez").then(() => new Promise(setImmediate));
  })();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  expect(turns).toBe(20);
  await others;
  const { passes, next } = JSON.parse(text) as PassList;
  expect([passes.length, next]).toEqual([20_000, null]);
  expect(passes.some(({ serialNumber }) => serialNumber === last)).toBe(false);
});

test("a raw pass is the pass.json of its package", async () => {
  const { shop, template } = await shopWithPasses(0);
  await using _ = shop;
  const pass = await shop.issue({ passTemplate: template, pass: { "member-name": "Sarah", "points-balance": "70" } });
  const path = `/v1/passes/${template}/${pass.serialNumber}`;
  const inPackage = async () => {
    const bytes = Buffer.from(await (await shop.request(`/p/${pass.serialNumber}.pkpass`)).bytes());
    return jsonFile(await readPackage(bytes), "pass.json");
  };
  expect((await callApi(shop, "GET", `${path}/raw`)).body).toEqual(await inPackage());
  await callApi(shop, "PATCH", path, { body: { pass: { "points-balance": "71" } } });
  const raw = await callApi(shop, "GET", `${path}/raw/`);
  expect(raw.body).toEqual(await inPackage());
  expect(raw.body).toMatchObject({ serialNumber: pass.serialNumber, storeCard: { primaryFields: [{ value: 71 }] } });
  await callApi(shop, "DELETE", path);
  expect((await callApi(shop, "GET", `${path}/raw`)).body).toMatchObject({ voided: true });
  expect((await callApi(shop, "GET", `/v1/passes/${template}/${"0".repeat(26)}/raw`)).status).toBe(404);
});
