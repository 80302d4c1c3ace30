import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import type { PassObject } from "../src/api/pass-object.ts";
import * as schema from "../src/db/schema.ts";
import type { PassQuery } from "../src/passes/search/pass-query.ts";
import { createPassSearch } from "../src/passes/search/search.ts";
import { apiOf } from "./support/api-client.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { insertPasses } from "./support/many-passes.ts";
import { cardWith } from "./support/template.ts";

type Found = PassObject & { readonly recipient: Readonly<Record<string, string | null>> };
interface List {
  readonly passes: readonly Found[];
  readonly next: string | null;
  readonly error?: string;
}

function searchOf(shop: TestApp) {
  const api = apiOf(shop);
  const list = (query: string) => api.json<List>("GET", `/passes?${query}`);
  return {
    list,
    /** Names of the people whose passes are found. */
    names: async (query: string) => (await list(query)).body.passes.map(({ recipient }) => recipient["name"]),
  };
}

async function shopWithPeople() {
  const shop = await startTestApp();
  const card = await shop.pushGallery("points-card");
  const coupon = await shop.pushTemplate({
    definition: cardWith(
      { until: { type: "date" } },
      { pass: { description: "A", expirationDate: "{{until}}", generic: {} } },
    ),
  });
  const issue = async (passTemplate: string, recipient: Record<string, string>, pass: object = {}) => {
    shop.clock.advance(86_400_000);
    return shop.issue({ passTemplate, pass, recipient });
  };
  const passes = {
    anna: await issue(card, {
      name: "Anna Ångström",
      email: "anna@example.com",
      phone: "+4915112345678",
      externalId: "A-1",
    }),
    emile: await issue(card, {
      name: "ÉMILE  Zola",
      email: "emile@example.com",
      klaviyoId: "01GDDKASAP8TKDDA2GRZDSVP4H",
    }),
    annabel: await issue(coupon, { name: "annabel lee", email: "anna@example.com.au" }, { until: "2026-11-26" }),
    nobody: await issue(coupon, {}, { until: "2026-12-31" }),
  };
  return { shop, card, coupon, passes, ...searchOf(shop) };
}

describe("passes are found", () => {
  test("by each filter alone and together, the newest first", async () => {
    const { shop, card, coupon, passes, names } = await shopWithPeople();
    await using _ = shop;
    const [anna, emile, annabel] = ["Anna Ångström", "ÉMILE  Zola", "annabel lee"];
    const cases: [string, (string | null | undefined)[]][] = [
      ["", [null, annabel, emile, anna]],
      ["name=anna", [annabel, anna]],
      ["name=ANNA%20angstrom", [anna]],
      ["name=Émile%20Z", [emile]],
      ["name=emile%20%20%20z", [emile]],
      ["name=Zola", []],
      ["email=ANNA@example.com", [anna]],
      ["email=anna*", [annabel, anna]],
      ["email=anna@example.com*", [annabel, anna]],
      ["phone=%2B49%20151%2012345678", [anna]],
      ["externalId=A-1", [anna]],
      [`externalId=${passes.emile.serialNumber}`, [emile]],
      ["klaviyoId=01GDDKASAP8TKDDA2GRZDSVP4H", [emile]],
      [`serial=${passes.annabel.serialNumber.slice(0, 8).toUpperCase()}`, [annabel]],
      [`serial=${passes.annabel.serialNumber}`, [annabel]],
      [`template=${card}`, [emile, anna]],
      [`template=${coupon}&name=anna`, [annabel]],
      ["state=issued", [null, annabel, emile, anna]],
      ["state=deleted,voided", []],
      ["since=2026-11-24", [null, annabel]],
      ["until=2026-11-23", [emile, anna]],
      ["since=2026-11-23&until=2026-11-24", [annabel, emile]],
      ["since=2026-11-23T12:00:01Z&until=2026-11-24T12:00:00Z", [annabel]],
      ["email=anna@example.com&externalId=A-1", [anna]],
      ["email=anna@example.com&klaviyoId=01GDDKASAP8TKDDA2GRZDSVP4H", []],
      ["email=nobody@example.com", []],
    ];
    for (const [query, expected] of cases) expect([query, await names(query)]).toEqual([query, expected]);
  });

  test("by their state, also one that came with time", async () => {
    const { shop, coupon, passes, list } = await shopWithPeople();
    await using _ = shop;
    const { accountId, app } = shop;
    const serials = async (query: string) => (await list(query)).body.passes.map(({ serialNumber }) => serialNumber);
    const [anna, emile, annabel, nobody] = Object.values(passes).map(({ serialNumber }) => serialNumber);
    await app.updater.setVoided({ accountId, serial: anna ?? "" }, true);
    await app.updater.remove({ accountId, serial: emile ?? "" });
    expect(await serials("state=voided")).toEqual([anna ?? ""]);
    expect(await serials("state=deleted")).toEqual([emile ?? ""]);
    expect(await serials("state=voided,deleted&name=anna")).toEqual([anna ?? ""]);
    expect(await serials("state=expired")).toEqual([]);
    shop.clock.advance(86_400_000 * 1.6);
    expect(await serials("state=expired")).toEqual([annabel ?? ""]);
    expect(await serials(`state=issued&template=${coupon}`)).toEqual([nobody ?? ""]);
    await app.updater.setExpired({ accountId, serial: nobody ?? "" }, true);
    expect(await serials("state=expired")).toEqual([nobody ?? "", annabel ?? ""]);
  });

  test("but none of another account, whatever is asked for", async () => {
    const { shop, passes, card } = await shopWithPeople();
    await using _ = shop;
    const other = await shop.app.accounts.create("Other");
    const { apiKey } = await shop.app.accounts.createKey(other.id, "test");
    const theirs = searchOf({ ...shop, accountId: other.id, apiKey });
    const { serialNumber } = passes.anna;
    for (const query of [
      "",
      "name=anna",
      "email=anna@example.com",
      "email=anna*",
      `serial=${serialNumber}`,
      `externalId=${serialNumber}`,
      "state=voided",
    ]) {
      expect([query, await theirs.names(query)]).toEqual([query, []]);
    }
    expect((await theirs.list(`template=${card}`)).body).toMatchObject({ code: "NOT_FOUND" });
  });
});

test("a search that cannot be understood says what is wrong, instead of finding everything", async () => {
  const { shop, list } = await shopWithPeople();
  await using _ = shop;
  for (const [query, reason] of [
    ["emal=a@b.cd", /"emal" is not known \(did you mean "email"\?\)/],
    ["email=a@b.cd&email=c@d.ef", /"email" is given twice/],
    ["email=", /email is empty/],
    ["name=%20", /name is empty/],
    ["name=%CC%81", /name has no letter/],
    ["email=*", /at least one character/],
    ["email=sarah", /email must be a whole email address/],
    ["phone=0151123", /phone must be a phone number with its country code/],
    ["state=isued", /state is not one of issued.*did you mean "issued"/],
    ["serial=abc", /at least the first 4 characters/],
    ["since=yesterday", /since must be a date/],
    ["limit=0", /"limit" must be a whole number/],
    ["after=1", /"after" must be what the page before gave/],
  ] as const) {
    const { status, body } = await list(query);
    expect([query, status, body.error]).toEqual([query, 400, expect.stringMatching(reason)]);
  }
});

test("pages hold still while passes are issued, and hold every pass once", async () => {
  const { shop, card, list } = await shopWithPeople();
  await using _ = shop;
  const seen: string[] = [];
  let next: string | null = "";
  while (next !== null) {
    const { body }: { body: List } = await list(`limit=1${next && `&after=${next}`}`);
    seen.push(...body.passes.map(({ serialNumber }) => serialNumber));
    next = body.next;
    if (seen.length === 2) await shop.issue({ passTemplate: card, pass: {}, recipient: { email: "late@example.com" } });
  }
  expect([seen.length, new Set(seen).size]).toEqual([4, 4]);
});

describe("among many", () => {
  const COUNT = 6_000;
  async function bigShop() {
    const shop = await startTestApp();
    const template = await shop.pushGallery("points-card");
    const serials = insertPasses(shop.dataDir, shop.accountId, template, COUNT);
    return { shop, template, serials, ...searchOf(shop) };
  }

  test("a beginning that thousands share is looked for page by page, and a rare one is found at once", async () => {
    const { shop, list, names } = await bigShop();
    await using _ = shop;
    expect(await names("name=zoe&limit=2")).toEqual(["Zoë Miller 5998", "Zoë Miller 5993"]);
    expect(await names("email=customer599*&limit=3")).toEqual([
      "Sarah Miller 5999",
      "Zoë Miller 5998",
      "Émile Miller 5997",
    ]);
    expect(await names("name=emile miller 17&state=voided")).toEqual([]);
    // Nothing matches, and every pass would have to be looked at: the page ends early and says where to go on.
    const { body } = await list("email=customer*&state=expired");
    expect([body.passes, body.next]).toEqual([[], expect.any(String)]);
    expect((await list(`email=customer*&state=expired&after=${body.next}`)).body).toEqual({ passes: [], next: null });
  });

  test("every combination of filters is led by an index, with and without statistics", async () => {
    const { shop, template, serials } = await bigShop();
    await using _ = shop;
    const client = new SqliteDatabase(join(shop.dataDir, "passhook.db"));
    const asked: [string, unknown[]][] = [];
    const read = drizzle(client, { schema, logger: { logQuery: (text, params) => void asked.push([text, params]) } });
    const search = createPassSearch({ ...shop.app, db: { ...shop.app.db, read } });
    const [serial = ""] = serials;
    const filters: Partial<PassQuery>[] = [
      { templateId: template },
      { statuses: ["deleted"] },
      { statuses: ["issued", "expired"] },
      { serial: serial.slice(0, 5) },
      { name: "zoe" },
      { name: "zoe miller 3" },
      { emailStart: "c" },
      { emailStart: "customer12" },
      { identifiers: { email: "customer1@example.com" } },
      { identifiers: { externalId: serial } },
      { since: 1 },
      { until: shop.clock.now() },
    ];
    const pairs = [{}, ...filters, ...filters.flatMap((one) => filters.map((other) => ({ ...one, ...other })))];
    for (const prepare of ["", "ANALYZE"]) {
      client.exec(prepare);
      for (const filter of pairs) {
        const { accountId } = shop;
        const page = await search.page({ accountId, ...filter }, { limit: 20 });
        if (page.next) await search.page({ accountId, ...filter }, { limit: 20, after: page.next });
      }
    }
    const texts = new Map(asked);
    expect(texts.size).toBeGreaterThan(15);
    for (const [text, params] of texts) {
      const plan = client.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...params) as { detail: string }[];
      const steps = plan.map(({ detail }) => detail).filter((step) => !step.startsWith("SCAN json_each"));
      const scans = steps.filter((step) => step.startsWith("SCAN") || /AUTOMATIC/.test(step));
      expect([text, ...scans]).toEqual([text]);
      // What may have to be sorted is few: one person's passes, or those of a beginning.
      const isShort = /recipient_id" in|"serial" >=/.test(text);
      if (!isShort) expect([text, ...steps.filter((step) => step.includes("TEMP B-TREE"))]).toEqual([text]);
    }
    client.close();
  }, 60_000);
});
