import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { outbox, outboxLanes, passes } from "../src/db/schema.ts";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { bulkOf } from "./support/bulk.ts";
import { phone } from "./support/phone.ts";
import { cardWith } from "./support/template.ts";

let shop: TestApp;
let owner: AdminBrowser;
/** The address of a page of the account. */
const at = (path: string): string => `/admin/${shop.accountId}${path}`;
const read = async (path: string): Promise<string> => textOf(await owner.page(at(path)));

beforeEach(async () => {
  shop = await startTestApp();
  owner = await signedIn(shop, "owner");
});
afterEach(() => shop[Symbol.asyncDispose]());

const issueTo = async (template: string, recipient: Record<string, string>, pass: Record<string, unknown> = {}) =>
  (await shop.issue({ passTemplate: template, pass, recipient })).serialNumber;

describe("the list of passes", () => {
  test("shows the newest first, page by page, each once", async () => {
    const template = await shop.pushGallery("points-card");
    for (let i = 0; i < 120; i++) {
      await issueTo(template, { email: `p${i}@example.com` });
      shop.clock.advance(1);
    }
    const seen: string[] = [];
    let path: string | undefined = at("/passes");
    while (path !== undefined) {
      const html: string = await owner.page(path);
      seen.push(...[...html.matchAll(/>(p\d+)@example\.com</g)].map(([, name]) => name ?? ""));
      path = /href="([^"]*after=[^"]*)"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
    }
    expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => `p${119 - i}`));
  });

  test("finds a pass by the beginning of a name, an address or a serial number, and by a whole phone number or id", async () => {
    const template = await shop.pushGallery("points-card");
    const mia = await issueTo(template, { email: "mia@example.com", name: "Mia", phone: "+4915112345678" });
    await issueTo(template, { email: "noah@example.com", name: "Noah", externalId: "C-17", klaviyoId: "01KLAV" });
    for (const [q, name] of [
      ["mia@", "Mia"],
      ["MIA@EXAMPLE", "Mia"],
      ["mi", "Mia"],
      ["+49 151 12345678", "Mia"],
      [mia.slice(0, 10), "Mia"],
      ["C-17", "Noah"],
      ["01KLAV", "Noah"],
    ] as const) {
      const page = await read(`/passes?${new URLSearchParams({ q })}`);
      expect([q, page.includes(" Mia "), page.includes(" Noah ")]).toEqual([q, name === "Mia", name === "Noah"]);
    }
    expect(await read("/passes?q=nobody@")).toContain("No such pass");
  });

  test("is narrowed by template and state", async () => {
    const [card, coupon] = [await shop.pushGallery("points-card"), await shop.pushGallery("event-ticket")];
    await issueTo(card, { name: "Ines" });
    const voided = await issueTo(card, { name: "Vito" });
    await shop.app.updater.setVoided({ accountId: shop.accountId, serial: voided }, true);
    const deleted = await issueTo(card, { name: "Dora" });
    await shop.app.updater.remove({ accountId: shop.accountId, serial: deleted });
    for (const [query, names] of [
      [`template=${card}`, ["Ines", "Vito", "Dora"]],
      [`template=${coupon}`, []],
      ["status=issued", ["Ines"]],
      ["status=voided", ["Vito"]],
      ["status=deleted", ["Dora"]],
      ["status=installed", []],
      ["status=unknown", ["Ines", "Vito", "Dora"]],
    ] as const) {
      const page = await read(`/passes?${query}`);
      expect([query, ["Ines", "Vito", "Dora"].filter((name) => page.includes(` ${name} `))]).toEqual([
        query,
        [...names],
      ]);
    }
  });

  test("says what to do where there is none", async () => {
    expect(await read("/passes")).toContain("No pass yet");
  });
});

describe("rejected requests", () => {
  test("show what was sent, with the fault at its line", async () => {
    const template = await shop.pushGallery("points-card");
    await shop.post({
      passTemplate: template,
      pass: { "points-balance": "many", memberName: "x" },
      recipient: { email: "mia@example.com" },
    });
    const list = await owner.page(at("/rejected"));
    expect(textOf(list)).toContain("pass.points-balance must be a number");
    const [, id] = /\/rejected\/(\d+)"/.exec(list) ?? [];
    const html = await owner.page(at(`/rejected/${id}`));
    const marked = [...html.matchAll(/<li class="wrong"><code>(.*?)<\/code><em>(.*?)<\/em>/g)].map(
      ([, line, fault]) => [textOf(line ?? ""), textOf(fault ?? "")],
    );
    expect(marked).toEqual([
      ['    "points-balance": "many",'.replace(/\s+/g, " "), expect.stringContaining("must be a number")],
      ['    "memberName": "x"'.replace(/\s+/g, " "), expect.stringContaining('did you mean "member-name"?')],
    ] as never);
    expect(textOf(html)).toContain("POST /v1/passes");
  });

  test("are sent again, with a corrected body, or as they were once the template is right", async () => {
    const id = "ptk_0x77";
    const body = { passTemplate: id, pass: { points: "70" }, recipient: { email: "mia@example.com" } };
    await shop.post(body);
    await shop.post(body);
    const replay = (number: number, sent: string) => owner.submit(at(`/rejected/${number}/replay`), { body: sent });
    const kept = JSON.stringify(body);

    const again = await replay(1, kept);
    expect(again.status).toBe(404);
    await shop.pushTemplate({ id, definition: cardWith({ level: { type: "text" } }) });
    const refused = await replay(1, kept);
    expect(refused.status).toBe(400);
    // It stays, with its new reason.
    expect(textOf(await refused.text())).toContain("pass.points is not a field of this template");
    expect(await read("/rejected/1")).toContain("pass.points is not a field of this template");

    const corrected = await replay(1, kept.replace("points", "level"));
    expect(corrected.headers.get("location")).toMatch(/\/passes\/\w{26}$/);
    expect(await read("/passes")).toContain("mia@example.com");
    await shop.pushTemplate({ id, definition: cardWith({ points: { type: "number" } }) });
    expect((await replay(2, `\r\n${kept}\r\n`.trim())).status).toBe(303);
    expect(await read("/rejected")).toContain("Nothing was rejected");
  });

  test("are all sent again: those that can be are taken, the others say why now", async () => {
    const id = "ptk_0x78";
    for (const pass of [{ points: "1" }, { points: "2" }, { levle: "x" }]) await shop.post({ passTemplate: id, pass });
    await shop.post("{", { "x-api-key": "wrong" });
    await shop.pushTemplate({ id, definition: cardWith({ points: { type: "number" } }) });
    const page = textOf(await owner.do(at("/rejected/replay-all")));
    expect(page).toContain("2 of 3 were sent again, and taken. One was refused again; it is below");
    expect(page).toContain("pass.levle is not a field of this template");
    expect((await shop.app.data.search.page({ accountId: shop.accountId }, { limit: 9 })).items).toHaveLength(2);
    expect(page).toContain("Unknown caller");
    expect(await read("/rejected/4")).toContain("Nobody knows who sent this.");
  });

  test("of nobody become the account's when they are sent again", async () => {
    const body = JSON.stringify({ passTemplate: await shop.pushGallery("points-card"), pass: {} });
    await shop.post(body, { "x-api-key": "wrong" });
    expect((await owner.submit(at("/rejected/1/replay"), { body })).headers.get("location")).toMatch(
      /\/passes\/\w{26}$/,
    );
    expect(await read("/rejected")).toContain("Nothing was rejected");
  });

  test("of nobody's are shown too, and an empty list says so", async () => {
    expect(await read("/rejected")).toContain("Nothing was rejected");
    await shop.post("{", { "x-api-key": "wrong" });
    expect(await read("/rejected")).toContain("The API key or the account id is wrong");
  });

  test("say of a file that it is not kept", async () => {
    const template = await shop.pushGallery("points-card");
    await bulkOf(shop).send(`mode=issue&template=${template}`, "text/csv", "pionts\n1\n");
    const page = await read("/rejected/1");
    expect(page).toContain("Files are not kept.");
    expect(page).not.toContain("Send it again");
  });
});

describe("the outbox", () => {
  beforeEach(async () => {
    const template = await shop.pushGallery("points-card");
    for (const name of ["a", "b", "c"]) await issueTo(template, { email: `${name}@example.com` });
    await shop.app.db.transaction(({ query }) =>
      query
        .update(outbox)
        .set({ state: "dead", lastError: "Klaviyo answered 400." })
        .where(eq(outbox.kind, "klaviyo.profile")),
    );
  });
  const dead = async () => (await shop.app.outbox.depths()).dead;

  test("counts by state and kind, narrows, and says why", async () => {
    const page = await read("/outbox");
    expect(page).toContain("Given up 3");
    expect(page).toContain("Klaviyo event 3");
    const narrowed = await owner.page(at("/outbox?state=dead"));
    expect(narrowed.match(/<tr><th scope="row">/g)).toHaveLength(3);
    expect(textOf(narrowed)).toContain("Klaviyo answered 400.");
    const other = await owner.page(at("/outbox?state=dead&kind=klaviyo.event"));
    expect(textOf(other)).toContain("None of these");
  });

  test("tries one again, or all", async () => {
    const page = await owner.page(at("/outbox?state=dead"));
    const [, id = ""] = /name="id" value="(\d+)"/.exec(page) ?? [];
    expect(textOf(await owner.do(at("/outbox/retry"), { id }))).toContain("It is tried again now.");
    expect(await dead()).toBe(2);
    expect((await owner.submit(at("/outbox/retry"), { id })).status).toBe(409);
    expect(textOf(await owner.do(at("/outbox/retry-all"), { kind: "klaviyo.event" }))).toContain("0 are tried");
    expect(await dead()).toBe(2);
    expect(textOf(await owner.do(at("/outbox/retry-all")))).toContain("2 are tried again now.");
    expect(await dead()).toBe(0);
  });

  test("shows what stands still until somebody acts", async () => {
    await shop.app.db.transaction(({ query }) => query.update(outboxLanes).set({ alarm: "Klaviyo refuses the key." }));
    expect(await read("/outbox")).toContain(
      "Stopped: Klaviyo event, Klaviyo profile, Klaviyo record Klaviyo refuses the key.",
    );
    expect(await read("")).toContain("Klaviyo refuses the key.");
  });
});

describe("API keys", () => {
  test("are shown once, when they are made", async () => {
    const html = await owner.do(at("/keys/create"), { label: "Welcome flow" });
    const [apiKey = ""] = /phk_\w{8}_\w{32}/.exec(html) ?? [];
    expect(await owner.page(at("/keys"))).not.toContain(apiKey);
    const call = { "x-api-key": apiKey };
    const body = { passTemplate: await shop.pushGallery("points-card"), pass: {} };
    expect((await shop.post(body, call)).status).toBe(200);
    const id = apiKey.split("_")[1] ?? "";
    expect(textOf(await owner.do(at("/keys/revoke"), { id }))).toContain("The key “Welcome flow” is revoked.");
    expect((await shop.post(body, call)).status).toBe(401);
  });

  test("may do what is chosen for them, for as long", async () => {
    const html = await owner.do(at("/keys/create"), { label: "Report", scope: "read", days: "30" });
    const call = { "x-api-key": /phk_\w{8}_\w{32}/.exec(html)?.[0] ?? "" };
    const body = { passTemplate: await shop.pushGallery("points-card"), pass: {} };
    expect((await shop.post(body, call)).status).toBe(403);
    expect(textOf(html)).toContain("look just now never ends next month");
    shop.clock.advance(31 * 24 * 3_600_000);
    await owner.signIn("owner@example.com");
    expect(await read("/keys")).toContain("Expired");
    expect((await shop.post(body, call)).status).toBe(401);
  });

  test("have a label", async () => {
    const response = await owner.submit(at("/keys/create"), { label: " " });
    expect(response.status).toBe(400);
    expect(textOf(await response.text())).toContain("Must be filled in");
  });

  test("are not left in a cookie that others can read", async () => {
    await owner.submit(at("/keys/create"), { label: "Welcome flow" });
    const flash = owner.cookies.get("__Host-passhook-flash") ?? "";
    expect(flash).toStartWith("v1.");
    // Somebody else's browser makes nothing of it.
    const other = await signedIn(shop, "viewer");
    other.cookies.set("__Host-passhook-flash", flash);
    expect(textOf(await other.page(at("/keys")))).not.toContain("Copy the new key");
  });
});

describe("the overview", () => {
  const done = (html: string): string[] =>
    [...html.matchAll(/<li class="done">.*?<p>(.*?) <span/g)].map(([, title]) => title ?? "");

  test("follows what is there, and stops asking when all is done", async () => {
    expect(done(await owner.page(at("")))).toEqual(["Give the server a public address"]);
    const serial = await issueTo(await shop.pushGallery("points-card"), { email: "mia@shop.example.org" });
    expect(done(await owner.page(at("")))).toEqual([
      "Have a template",
      "Give the server a public address",
      "Receive the first webhook",
    ]);
    await phone(shop, serial).register();
    expect(done(await owner.page(at("")))).toContain("See the first pass in a wallet");
  });

  test("does not take the sample of the first start for a webhook", async () => {
    await issueTo(await shop.pushGallery("points-card"), { email: "sarah.miller@example.com" });
    expect(done(await owner.page(at("")))).not.toContain("Receive the first webhook");
  });

  test("names what needs somebody, and leads there", async () => {
    await shop.post({ passTemplate: "ptk_0x1", pass: {} });
    const page = await owner.page(at(""));
    expect(textOf(page)).toContain("One request was rejected in the last 24 hours. Look at it");
    expect(page).toContain(`href="${at("/rejected")}"`);
    shop.clock.advance(25 * 3_600_000);
    await owner.signIn("owner@example.com");
    expect(await read("")).not.toContain("rejected in the last 24 hours");
  });
});

test("settings show where each comes from", async () => {
  expect(await read("/settings")).toContain(
    "PASSHOOK_PUBLIC_URL what links on passes start with (https in production) https://passes.example.com flag",
  );
});

test("an owner names the account", async () => {
  const page = textOf(await owner.do(at("/settings/account"), { name: " Fennimore " }));
  expect(page).toContain("The account is saved.");
  expect(await shop.app.accounts.resolve(shop.accountId)).toMatchObject({ name: "Fennimore" });
  expect((await owner.submit(at("/settings/account"), { name: "" })).status).toBe(400);
});

test("the system page shows the version and what doctor finds", async () => {
  const page = await read("/system");
  expect(page).toContain("Version 0.1.0");
  expect(page).toMatch(/Database \d+\.\d MB/);
  expect(page).toContain("Warning Certificate");
  expect(page).toContain("Good Stored secrets");
  expect(page.indexOf("Warning")).toBeLessThan(page.indexOf("Good"));
});

test("the switcher leads to the same part of another account", async () => {
  expect(await owner.page(at("/keys"))).not.toContain('<details class="account"');
  const other = await shop.app.accounts.create("Second brand");
  const page = await owner.page(at("/keys"));
  expect(page).toContain(`href="/admin/${other.id}/keys"`);
  expect(textOf(await owner.page(`/admin/${other.id}/keys`))).toContain("No key yet");
});

test("what fails unexpectedly keeps its text inside", async () => {
  const serial = await issueTo(await shop.pushGallery("points-card"), { email: "mia@example.com" });
  await shop.app.db.transaction(({ query }) => query.update(passes).set({ fields: "not json" }));
  const response = await owner.get(at(`/passes/${serial}`));
  expect(response.status).toBe(500);
  const page = textOf(await response.text());
  expect(page).toContain("Something went wrong here");
  expect(page).not.toContain("JSON");
});
