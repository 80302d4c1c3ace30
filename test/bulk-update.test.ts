import { expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { listPassEvents } from "../src/passes/pass-store.ts";
import { startTestApp } from "./support/app.ts";
import { bulkOf } from "./support/bulk.ts";
import { cardWith } from "./support/template.ts";

async function shopWithPasses(...emails: readonly string[]) {
  const shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const passes: PassObject[] = [];
  for (const email of emails) {
    passes.push(await shop.issue({ passTemplate: template, pass: { "points-balance": "1" }, recipient: { email } }));
  }
  const bulk = bulkOf(shop);
  const points = async ({ serialNumber }: PassObject) =>
    (await bulk.json<PassObject>("GET", `/passes/${template}/${serialNumber}`)).body.pass["points-balance"];
  const history = async ({ serialNumber }: PassObject) =>
    (await listPassEvents(shop.app.db.read, serialNumber)).map(({ kind }) => kind);
  return { shop, template, passes, bulk, points, history, serials: passes.map(({ serialNumber }) => serialNumber) };
}

test("each row changes its pass; an empty cell changes nothing, and a wrong one only its own row", async () => {
  const { shop, template, passes, bulk, points, history, serials } = await shopWithPasses(
    "a@b.cd",
    "b@b.cd",
    "c@b.cd",
    "d@b.cd",
  );
  await using _ = shop;
  await shop.app.updater.remove({ accountId: shop.accountId, serial: serials[3] ?? "" });
  const csv = [
    "serial,points-balance,member-name",
    `${serials[0]},50,Ann`,
    `${serials[1]},,`,
    `${serials[2]},many,`,
    `${serials[3]},5,`,
    `${"0".repeat(26)},5,`,
    `,5,`,
  ].join("\n");
  const { job, results } = await bulk.run(`mode=update&template=${template}`, csv);
  expect([job.done, job.failed]).toEqual([2, 4]);
  expect(results.map(({ outcome, code }) => outcome ?? code)).toEqual([
    ...["updated", "unchanged", "INVALID", "PASS_DELETED", "NOT_FOUND", "INVALID"],
  ]);
  expect(results[5]?.error).toContain("serialNumber is missing");
  expect(await Promise.all(passes.map(points))).toEqual(["50", "1", "1", "1"]);
  const [first, second] = passes;
  expect([first && (await history(first)), second && (await history(second))]).toEqual([
    ["created", "updated"],
    ["created"],
  ]);
});

test("a pass of another account or template is as good as none", async () => {
  const { shop, bulk, serials } = await shopWithPasses("a@b.cd");
  await using _ = shop;
  const coupon = await shop.pushGallery("coupon");
  const { results } = await bulk.run(`mode=update&template=${coupon}`, `serial\n${serials[0]}\n`);
  expect(results.map(({ code }) => code)).toEqual(["NOT_FOUND"]);
  const other = await shop.app.accounts.create("Other");
  const { apiKey } = await shop.app.accounts.createKey(other.id, "test");
  const theirs = bulkOf({ ...shop, accountId: other.id, apiKey });
  const body = JSON.stringify({ serialNumber: serials[0], pass: { "points-balance": "99" } });
  const { body: job } = await theirs.send("mode=update", "application/x-ndjson", body);
  await shop.app.data.bulk.worker.idle();
  expect((await theirs.results(job.id)).map(({ code }) => code)).toEqual(["NOT_FOUND"]);
  expect((await bulk.call("GET", `/jobs/${job.id}`)).status).toBe(404);
  expect((await bulk.call("GET", `/jobs/${job.id}/results`)).status).toBe(404);
  expect((await bulk.call("DELETE", `/jobs/${job.id}`)).status).toBe(404);
});

test("an export that was edited can be sent back: nothing but the edit changes anything", async () => {
  const { shop, template, passes, bulk, points, history, serials } = await shopWithPasses("a@b.cd", "b@b.cd");
  await using _ = shop;
  const reference = { accountId: shop.accountId, serial: serials[1] ?? "" };
  const given = new Map([["member-name", { kind: "text", text: "=HYPERLINK(1)" } as const]]);
  await shop.app.updater.update(reference, { given, mode: "merge" });
  const exported = await (await bulk.call("GET", `/export/passes?template=${template}`)).text();
  const { job, results } = await bulk.run(
    `mode=update&template=${template}`,
    exported.replace(new RegExp(`(${serials[0]}.*,)1(,)`), "$142$2"),
  );
  expect([job.failed, job.unusedColumns]).toEqual([
    0,
    expect.arrayContaining(["template", "status", "recipient.email"]),
  ]);
  expect(results.map(({ outcome }) => outcome).sort()).toEqual(["unchanged", "updated"]);
  expect(await Promise.all(passes.map(points))).toEqual(["42", "1"]);
  expect(await Promise.all(passes.map(history))).toEqual([
    ["created", "updated"],
    ["created", "updated"],
  ]);
});

test("a field that was renamed is known by both names, and the new name alone changes nothing", async () => {
  const { shop, bulk } = await shopWithPasses();
  await using _ = shop;
  const id = await shop.pushTemplate({ definition: cardWith({ level: { type: "text" } }) });
  const { serialNumber } = await shop.issue({ passTemplate: id, pass: { level: "Gold" } });
  await shop.pushTemplate({ id, definition: cardWith({ tier: { type: "text", formerly: ["level"] } }) });
  const exported = await (await bulk.call("GET", `/export/passes?template=${id}`)).text();
  expect(exported).toContain(",pass.tier\r\n");
  const outcomes = async (csv: string) =>
    (await bulk.run(`mode=update&template=${id}`, csv)).results.map(({ outcome }) => outcome);
  expect(await outcomes(exported)).toEqual(["unchanged"]);
  expect(await outcomes(`serial,level\n${serialNumber},Gold\n`)).toEqual(["unchanged"]);
  expect(await outcomes(`serial,level\n${serialNumber},Silver\n`)).toEqual(["updated"]);
  const both = await bulk.send(`mode=update&template=${id}`, "text/csv", "serial,level,tier\n");
  expect(both.body.error).toContain('"tier" is there twice');
});

test("a field that is called like a column of an export is the field, unless its long name is there too", async () => {
  const { shop, bulk } = await shopWithPasses();
  await using _ = shop;
  const template = await shop.pushTemplate({
    definition: cardWith({ status: { type: "text" }, serial2: { type: "text" } }),
  });
  const { serialNumber } = await shop.issue({ passTemplate: template, pass: { status: "Gold" } });
  const status = async () =>
    (await bulk.json<PassObject>("GET", `/passes/${template}/${serialNumber}`)).body.pass["status"];
  await bulk.run(`mode=update&template=${template}`, `serial,status\n${serialNumber},Silver\n`);
  expect(await status()).toBe("Silver");
  const { job } = await bulk.run(
    `mode=update&template=${template}`,
    `serial,status,pass.status\n${serialNumber},issued,Bronze\n`,
  );
  expect([await status(), job.unusedColumns]).toEqual(["Bronze", ["status"]]);
  const { body } = await bulk.send(`mode=update&template=${template}`, "text/csv", "status\nGold\n");
  expect(body.error).toContain('no column "serial"');
  const { body: unknown } = await bulk.send(`mode=update&template=${template}`, "text/csv", "serial,email\n");
  expect(unknown.error).toContain('"email" is not known');
});
