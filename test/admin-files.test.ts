import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type AdminBrowser, signedIn, textOf } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { readRows } from "./support/prepared-shop.ts";

let shop: TestApp;
let editor: AdminBrowser;
let template: string;
const at = (path: string): string => `/admin/${shop.accountId}${path}`;
const csv = (text: string, name = "passes.csv") => new File([text], name);

beforeEach(async () => {
  shop = await startTestApp();
  editor = await signedIn(shop, "editor");
  template = await shop.pushGallery("points-card");
});
afterEach(() => shop[Symbol.asyncDispose]());

const upload = (file: File, more: Record<string, string> = {}) =>
  editor.upload(at("/files/upload"), { file, mode: "issue", template, ...more });
async function work() {
  shop.app.worker.start();
  await shop.app.worker.idle();
}

describe("a file of passes", () => {
  test("is issued row by row, and says what became of each", async () => {
    const response = await upload(
      csv("email,name,points-balance\nmia@example.com,Mia,70\nno@example.com,No,many\n=cmd@example.com,E,1\n"),
    );
    expect(response.status).toBe(303);
    const path = response.headers.get("location") ?? "";
    const waiting = await editor.page(path);
    expect(waiting).toMatch(/data-live="file" data-refresh/);
    expect(textOf(waiting)).toContain("0 of 3");
    await work();
    const html = await editor.page(path);
    expect(html).not.toContain("data-refresh");
    const text = textOf(html);
    expect(text).toContain("Done in part");
    expect(text).toContain("Issue passes Points card");
    expect(text).toMatch(/Where Why Row 3 The pass cannot be issued: pass\.points-balance must be a number/);
    const results = await editor.get(`${path}/results`);
    expect(results.headers.get("content-disposition")).toMatch(/^attachment; filename="blk_\w+\.csv"$/);
    const lines = (await results.text()).trim().split("\r\n");
    expect(lines[0]).toEndWith("row,state,outcome,serial,url,error");
    expect(lines[1]).toMatch(/^2,done,created,\w{26},https:\/\/passes\.example\.com\/p\/\w{26},$/);
    expect(lines[2]).toMatch(/^3,failed,,,,.*points-balance/);
    expect(textOf(await editor.page(at("/files")))).toMatch(/Issue passes Points card 3 \d Done in part just now/);
  });

  test("changes passes", async () => {
    const { serialNumber } = await shop.issue({ passTemplate: template, pass: { "points-balance": "1" } });
    const response = await upload(csv(`serial,points-balance\n${serialNumber},99\n`), { mode: "update" });
    await work();
    expect(textOf(await editor.page(response.headers.get("location") ?? ""))).toContain("Done 1");
    expect((await shop.app.links.load(serialNumber)).pass.values["points-balance"]).toBe("99");
  });

  test("is cancelled before it is done", async () => {
    const path = (await upload(csv("email\na@example.com\nb@example.com\n"))).headers.get("location") ?? "";
    expect(textOf(await editor.do(`${path}/cancel`))).toContain("The rest of the file is cancelled.");
    await work();
    expect((await shop.app.data.search.page({ accountId: shop.accountId }, { limit: 9 })).items).toHaveLength(0);
  });

  test.each([
    ["no file", new File([], ""), "Choose a file."],
    ["a picture", csv("x", "x.png"), "Its name must end in .csv"],
    ["an unknown column", csv("email,pionts\na@example.com,1\n"), "&quot;pionts&quot; is not known"],
    ["another encoding", new File([Uint8Array.of(0xff, 0xfe, 0x41)], "x.csv"), "not UTF-8 text"],
    ["nothing in it", csv("email\n"), "no line that says anything"],
  ])("%s is refused at the form", async (_, file, reason) => {
    const response = await upload(file);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(reason);
    expect(readRows(shop.dataDir, "SELECT 1 FROM bulk_jobs")).toEqual([]);
  });

  test("of another account is not found", async () => {
    const path = (await upload(csv("email\na@example.com\n"))).headers.get("location") ?? "";
    const other = await shop.app.accounts.create("Other");
    const there = path.replace(shop.accountId, other.id);
    for (const address of [there, `${there}/results`]) expect((await editor.get(address)).status).toBe(404);
    expect((await editor.submit(`${there}/cancel`)).status).toBe(404);
  });
});

test("a file that is too large is read no further than its limit", async () => {
  const large = "x".repeat(33 * 1024 * 1024);
  const response = await upload(csv(large));
  expect(response.status).toBe(413);
  expect(textOf(await response.text())).toContain("This is larger than 32 MB.");
});

test("passes are saved as they were narrowed", async () => {
  const other = await shop.pushTemplate();
  const mia = await shop.issue({ passTemplate: template, pass: {}, recipient: { email: "mia@example.com" } });
  await shop.issue({ passTemplate: other, pass: {}, recipient: { email: "noah@example.com" } });
  const list = await editor.page(at(`/passes?template=${template}&status=issued`));
  const address = /href="([^"]*\/passes\/export[^"]*)"/.exec(list)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const response = await editor.get(address);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="passes.csv"');
  const text = await response.text();
  expect(text).toContain(mia.serialNumber);
  expect(text).not.toContain("noah@");
  const viewer = await signedIn(shop, "viewer");
  expect(await viewer.page(at("/passes"))).not.toContain("/passes/export");
});

describe("a person who asks to be forgotten", () => {
  test("is erased by an owner who types so, and only that it was done is left", async () => {
    const owner = await signedIn(shop, "owner");
    const recipient = { email: "mia@shop.example", name: "Mia Berger" };
    const { serialNumber } = await shop.issue({ passTemplate: template, pass: {}, recipient });
    await shop.issue({ passTemplate: await shop.pushGallery("event-ticket"), pass: {}, recipient }).catch(() => {});
    expect(textOf(await owner.page(at("/erasures")))).toContain("Nobody was erased");

    const path = at(`/passes/${serialNumber}`);
    expect(textOf(await editor.page(path))).not.toContain("Erase the person");
    const unsaid = await owner.submit(`${path}/erase`, { "confirm-erase": "yes" });
    expect(unsaid.status).toBe(400);
    expect(textOf(await unsaid.text())).toContain("Type the word erase to erase the person.");
    expect(textOf(await owner.page(path))).toContain("Mia Berger");

    const done = textOf(await owner.do(`${path}/erase`, { "confirm-erase": "Erase" }));
    expect(done).toContain("The person is erased here");
    expect(done).toMatch(/just now ers_\w+ owner@example\.com 1 \d+ (To be asked|Not known there|Sandbox)/);
    const after = textOf(await owner.page(path));
    expect(after).not.toContain("Mia Berger");
    expect(after).not.toContain("Erase the person…");
  });
});
