import { describe, expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { apiOf } from "./support/api-client.ts";
import { startTestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { eventually } from "./support/eventually.ts";
import { insertPasses } from "./support/many-passes.ts";
import { cardWith } from "./support/template.ts";

const read = (csv: string): Record<string, string>[] => parse(csv, { bom: true, columns: true });

async function shopWithPasses() {
  const shop = await startTestApp();
  const api = apiOf(shop);
  const template = await shop.pushTemplate({
    definition: cardWith({ note: { type: "text" }, balance: { type: "number", default: 3 }, status: { type: "text" } }),
  });
  // Not `text()`, which drops the byte order mark.
  const csv = async (query = "") =>
    Buffer.from(await (await api.call("GET", `/export/passes${query}`)).bytes()).toString("utf8");
  return { shop, template, csv, ...api };
}

describe("a CSV file of passes", () => {
  test("has every column, the newest pass first", async () => {
    const { shop, template, csv, call } = await shopWithPasses();
    await using _ = shop;
    const recipient = {
      name: "Ann",
      email: "ann@example.com",
      phone: "+4915112345678",
      externalId: "7",
      klaviyoId: "K",
    };
    const first = await shop.issue({ passTemplate: template, pass: { note: 'a "b",\nc', status: "Gold" }, recipient });
    shop.clock.advance(1_000);
    const second = await shop.issue({ passTemplate: template, pass: { balance: -5 } });
    await shop.app.updater.setExpired({ accountId: shop.accountId, serial: second.serialNumber }, true);
    const answer = await call("GET", "/export/passes");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="passes.csv"');
    expect(read(await answer.text())).toEqual([
      {
        ...{ serial: second.serialNumber, template, state: "active", status: "expired", url: second.url },
        ...{ createdAt: "2026-11-21T12:00:01.000Z", updatedAt: "2026-11-21T12:00:01.000Z", installedAt: "" },
        ...{ expiredAt: "2026-11-21T12:00:01.000Z", "recipient.id": expect.stringMatching(/^rcp_/) },
        ...{ "recipient.name": "", "recipient.email": "", "recipient.phone": "", "recipient.externalId": "" },
        ...{ "recipient.klaviyoId": "", "pass.note": "", "pass.balance": "-5", "pass.status": "" },
      },
      expect.objectContaining({
        ...{
          serial: first.serialNumber,
          status: "issued",
          "recipient.name": "Ann",
          "recipient.email": "ann@example.com",
        },
        ...{ "recipient.phone": "'+4915112345678", "recipient.externalId": "7", "recipient.klaviyoId": "K" },
        // The pass has no balance of its own: sending the file back must not give it one.
        ...{ "pass.note": 'a "b",\nc', "pass.balance": "", "pass.status": "Gold" },
      }),
    ]);
    const [header = ""] = (await csv()).split("\r\n");
    expect(header.startsWith("\ufeffserial,template,state,")).toBe(true);
  });

  test.each<[string, string]>([
    ['=HYPERLINK("http://evil.example")', '\'=HYPERLINK("http://evil.example")'],
    ["+1 ticket", "'+1 ticket"],
    ["-- old", "'-- old"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["'=1", "''=1"],
    ["'tis", "'tis"],
    ["a=b", "a=b"],
  ])("cannot bring a formula into a spreadsheet: %j", async (given, written) => {
    const { shop, template, csv } = await shopWithPasses();
    await using _ = shop;
    await shop.issue({ passTemplate: template, pass: { note: given }, recipient: { name: given } });
    const [row] = read(await csv());
    expect([row?.["pass.note"], row?.["recipient.name"]]).toEqual([written, written]);
  });

  test("can be narrowed like a list; fields are the template's, or all", async () => {
    const { shop, template, csv, call } = await shopWithPasses();
    await using _ = shop;
    const card = await shop.pushGallery("points-card");
    await shop.issue({ passTemplate: template, pass: {} });
    const { serialNumber } = await shop.issue({
      passTemplate: card,
      pass: {},
      recipient: { email: "ann@example.com" },
    });
    await shop.app.updater.remove({ accountId: shop.accountId, serial: serialNumber });
    const deleted = read(await csv("?state=deleted"));
    expect(deleted.map(({ serial }) => serial)).toEqual([serialNumber]);
    expect(Object.keys(deleted[0] ?? {})).toEqual(expect.arrayContaining(["pass.note", "pass.points-balance"]));
    const ofCard = read(await csv(`?template=${card}`));
    expect(Object.keys(ofCard[0] ?? {}).filter((name) => name.startsWith("pass."))).toEqual([
      ...["pass.member-name", "pass.points-balance", "pass.member-level"],
    ]);
    for (const query of ["?format=xml", "?template=ptk_0x99", "?sate=issued"]) {
      expect([query, (await call("GET", `/export/passes${query}`)).status >= 400]).toEqual([query, true]);
    }
  });
});

test("as newline-delimited JSON each line is a pass as the API shows it", async () => {
  const { shop, template, csv, json } = await shopWithPasses();
  await using _ = shop;
  await shop.issue({ passTemplate: template, pass: {}, recipient: { email: "ann@example.com" } });
  const { body } = await json<{ passes: unknown[] }>("GET", "/passes");
  const lines = (await csv("?format=ndjson")).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(body.passes);
});

test("20,000 passes are made as slowly as they are read, and never all in memory", async () => {
  const { shop, template } = await shopWithPasses();
  await using _ = shop;
  const COUNT = 20_000;
  const serials = insertPasses(shop.dataDir, shop.accountId, template, COUNT);
  const query = { accountId: shop.accountId };
  const text = await shop.app.data.exporter.write(query, "csv");
  // A reader that stops reading: nothing more is made, and what was is let go.
  await text.next();
  const first = await text.next();
  expect(String(first.value).split("\r\n")).toHaveLength(101);
  await text.return(undefined);

  Bun.gc(true);
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  let turns = 0;
  let next = setImmediate(function turn() {
    turns++;
    next = setImmediate(turn);
  });
  const missing = new Set(serials);
  let rest = "";
  let parts = 0;
  for await (const part of await shop.app.data.exporter.write(query, "csv")) {
    const lines = (rest + part).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) missing.delete(line.slice(0, 26));
    if (++parts % 50 === 0) {
      Bun.gc(true);
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
  }
  clearImmediate(next);
  expect(missing.size).toBe(0);
  // The whole file has more than four megabytes, and its passes as objects many times that.
  expect(most).toBeLessThan(4 * 1024 * 1024);
  // Everybody else has their turn between any two parts.
  expect(turns).toBeGreaterThanOrEqual(parts - 1);
}, 60_000);

test("a slow client over the network is waited for, and one that leaves ends the work", async () => {
  const { shop, template } = await shopWithPasses();
  await using _ = shop;
  insertPasses(shop.dataDir, shop.accountId, template, 30_000);
  let made = 0;
  const { exporter } = shop.app.data;
  const ended = Promise.withResolvers<void>();
  const write = exporter.write;
  exporter.write = async (...args) => {
    const text = await write(...args);
    return (async function* () {
      try {
        for await (const part of text) {
          made++;
          yield part;
        }
      } finally {
        ended.resolve();
      }
    })();
  };
  shop.app.http.listen({ hostname: "127.0.0.1", port: 0 });
  const client = connect(shop.app.http.server?.port ?? 0, "127.0.0.1");
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  client.once("data", () => {
    client.pause();
    resolve();
  });
  client.write(
    `GET /v1/export/passes?format=ndjson HTTP/1.1\r\nHost: x\r\nX-API-KEY: ${shop.apiKey}\r\nX-ACCOUNT-ID: ${shop.accountId}\r\n\r\n`,
  );
  await begun;
  // Whatever the system's buffers take is made; then it stands still.
  let before = -1;
  let looks = 0;
  await eventually("it stands still", () => {
    looks = made === before ? looks + 1 : 0;
    before = made;
    return looks === 30;
  });
  expect(made).toBeLessThan(290);
  client.destroy();
  await ended.promise;
  expect(made).toBeLessThan(300);
}, 60_000);

test("the command writes the same file, for its owner's eyes alone", async () => {
  const { shop, template, csv } = await shopWithPasses();
  await using _ = shop;
  await shop.issue({ passTemplate: template, pass: { note: "ä" }, recipient: { email: "ann@example.com" } });
  const data = ["--data", shop.dataDir, "--public-url", "https://passes.example.com"];
  const file = join(shop.dataDir, "passes.csv");
  const written = await cliJson<{ file: string }>("pass", "export", "-o", file, ...data);
  expect(written).toMatchObject({ file, format: "csv" });
  expect(readFileSync(file, "utf8")).toBe(await csv());
  expect(statSync(file).mode & 0o077).toBe(0);
  const { stdout } = await cli("pass", "export", "--format", "ndjson", "--email", "ann*", ...data);
  expect(JSON.parse(stdout)).toMatchObject({ recipient: { email: "ann@example.com" } });
  expect((await cli("pass", "export", "--json", ...data)).status).toBe(2);
});
