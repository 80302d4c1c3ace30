import { describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { startTestApp } from "./support/app.ts";
import { bulkOf } from "./support/bulk.ts";
import { cardWith } from "./support/template.ts";

const lines = (...bodies: readonly unknown[]) =>
  bodies.map((body) => (typeof body === "string" ? body : JSON.stringify(body))).join("\n");

async function startShop() {
  const shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const bulk = bulkOf(shop);
  const show = async (serial: string | undefined) =>
    (await bulk.json<PassObject>("GET", `/passes/${template}/${serial}`)).body;
  const whose = async (serial: string | undefined) => (await shop.app.links.load(serial ?? "")).recipient;
  return { shop, template, bulk, show, whose };
}

describe("a file of bodies, one in each line", () => {
  test("is answered at once, and each line is done as a call of its own would be", async () => {
    const { shop, template, bulk, show } = await startShop();
    await using _ = shop;
    const person = (name: string) => ({ email: `${name}@example.com` });
    const body = lines(
      { pass: { "points-balance": "10" }, recipient: person("ann") },
      "",
      { pass: { "points-balance": "many" }, recipient: person("ben") },
      { passTemplate: template.toUpperCase(), pass: { "points-balance": 30 }, recipient: person("cleo") },
      { passTemplate: "ptk_0xffff", pass: {} },
      '{"pass": {"points-balance": "7"',
      { pass: { "points-balance": "20" }, recipient: person("ann") },
      { pass: { "point-balance": "20" } },
    );
    const { status, body: job } = await bulk.send(`mode=issue&template=${template}`, "application/x-ndjson", body);
    expect([status, job.state, job.total, job.done]).toEqual([200, "running", 7, 0]);
    expect((await bulk.results(job.id)).map(({ line, state }) => `${line} ${state}`)).toEqual(
      [1, 3, 4, 5, 6, 7, 8].map((line) => `${line} pending`),
    );

    shop.app.data.bulk.worker.start();
    await shop.app.data.bulk.worker.idle();
    expect(await bulk.job(job.id)).toMatchObject({ state: "done", total: 7, done: 3, failed: 4, error: null });
    const results = await bulk.results(job.id);
    expect(results.map(({ line, outcome, code }) => [line, outcome ?? code])).toEqual([
      [1, "created"],
      [3, "INVALID"],
      [4, "created"],
      [5, "NOT_FOUND"],
      [6, "INVALID"],
      [7, "updated"],
      [8, "INVALID"],
    ]);
    const [ann, ben, cleo, , , annAgain, misspelt] = results;
    expect(annAgain?.serialNumber).toBe(ann?.serialNumber ?? "");
    expect(ann?.url).toBe(`https://passes.example.com/p/${ann?.serialNumber}`);
    expect((await show(ann?.serialNumber)).pass["points-balance"]).toBe("20");
    expect((await show(cleo?.serialNumber)).pass["points-balance"]).toBe("30");
    expect(ben?.details).toEqual([
      { path: "pass.points-balance", message: expect.stringContaining("must be a number") },
    ]);
    expect(misspelt?.error).toContain('did you mean "points-balance"?');
  });

  test("needs a mode and a type that are known, and a template that there is", async () => {
    const { shop, template, bulk } = await startShop();
    await using _ = shop;
    const refusals = [
      ["", "text/csv", /"mode" must be one of issue, update/],
      [`mode=isue&template=${template}`, "text/csv", /"mode" must be/],
      [`mode=issue&tempalte=${template}`, "text/csv", /did you mean "template"/],
      [`mode=issue&template=${template}`, "application/json", /Content-Type must be text\/csv or/],
      ["mode=issue", "text/csv", /A CSV file needs a template/],
      ["mode=issue&template=ptk_0x9", "application/x-ndjson", /There is no template/],
    ] as const;
    for (const [query, type, reason] of refusals) {
      const { status, body } = await bulk.send(query, type, "{}");
      expect([query, status >= 400, body.error]).toEqual([query, true, expect.stringMatching(reason)]);
    }
    const unknownKey = await shop.request(`/v1/passes/bulk?mode=issue&template=${template}`, {
      method: "POST",
      headers: { ...bulk.auth, "x-api-key": "phk_00000000_wrong", "content-type": "text/csv" },
      body: "email\na@example.com",
    });
    expect(unknownKey.status).toBe(401);
  });

  test("sent again under its key is the same job", async () => {
    const { shop, bulk } = await startShop();
    await using _ = shop;
    const template = await shop.pushGallery("event-ticket");
    const key = { "idempotency-key": "order 7" };
    const send = (body: string, headers = key) =>
      bulk.send(`mode=issue&template=${template}`, "application/x-ndjson", body, headers);
    const [one, two] = await Promise.all([send('{"pass":{}}'), send('{"pass":{}}')]);
    expect(two.body.id).toBe(one.body.id);
    expect((await send("is not even read")).body.id).toBe(one.body.id);
    expect((await send('{"pass":{}}', { "idempotency-key": "order 8" })).body.id).not.toBe(one.body.id);
  });

  test("of a template that makes a new pass each time: two lines that say the same are two passes", async () => {
    const { shop, bulk } = await startShop();
    await using _ = shop;
    const template = await shop.pushTemplate({ definition: cardWith({ seat: { type: "text" } }, { repeat: "new" }) });
    const body = lines(
      { pass: { seat: "A" } },
      { pass: { seat: "A" } },
      { pass: {}, idempotencyKey: "k" },
      { pass: {}, idempotencyKey: "k" },
    );
    const { body: job } = await bulk.send(`mode=issue&template=${template}`, "application/x-ndjson", body);
    shop.app.data.bulk.worker.start();
    await shop.app.data.bulk.worker.idle();
    const serials = (await bulk.results(job.id)).map(({ serialNumber }) => serialNumber);
    expect([new Set(serials).size, serials[2] === serials[3]]).toEqual([3, true]);
  });
});

describe("a CSV file", () => {
  test("as Excel writes it: byte order mark, semicolons, quotes, line breaks in a cell, blank rows", async () => {
    const { shop, template, bulk, show, whose } = await startShop();
    await using _ = shop;
    const csv = [
      "\ufeffemail ;member-name;points-balance;phone",
      'ANN@example.com;"Ann ""The Ant"" Smith";10;+49 151 12345678',
      ";;;",
      'ben@example.com;"Ben\r\nMiller";"20";',
      "cleo@example.com;Cleo; 30.0 ;12",
      "",
      "dan@example.com;Dan;40",
    ].join("\r\n");
    const { job, results } = await bulk.run(`mode=issue&template=${template}`, csv);
    expect(job).toMatchObject({ state: "done", total: 4, done: 3, failed: 1 });
    expect(results.map(({ line, state }) => [line, state])).toEqual([
      [2, "done"],
      [4, "done"],
      [5, "done"],
      [7, "failed"],
    ]);
    const [ann, ben, cleo, dan] = results;
    expect((await show(ann?.serialNumber)).pass).toMatchObject({
      "member-name": 'Ann "The Ant" Smith',
      "points-balance": "10",
    });
    expect(await whose(ann?.serialNumber)).toMatchObject({ email: "ann@example.com", phone: "+4915112345678" });
    expect((await show(ben?.serialNumber)).pass["member-name"]).toBe("Ben\r\nMiller");
    expect((await show(cleo?.serialNumber)).pass["points-balance"]).toBe("30");
    expect((await shop.app.links.load(cleo?.serialNumber ?? "")).pass.notes.join()).toContain('"12" is not one');
    expect(dan?.error).toContain("has 3 cells, and the header 4");
  });

  test("a name alone is the field where the template has one, else the recipient's; a prefix decides", async () => {
    const { shop, bulk, show, whose } = await startShop();
    await using _ = shop;
    const template = await shop.pushTemplate({
      definition: cardWith({ email: { type: "text" }, points: { type: "number" } }),
    });
    const { results } = await bulk.run(
      `mode=issue&template=${template}`,
      "email,recipient.email,name,pass.points,idempotencyKey\nshown,real@example.com,Ann,5,once\nshown,real@example.com,Ann,5,once\n",
    );
    const [first, second] = results;
    expect(second?.serialNumber).toBe(first?.serialNumber ?? "");
    const path = first?.serialNumber;
    expect((await bulk.json<PassObject>("GET", `/passes/${template}/${path}`)).body.pass).toEqual({
      email: "shown",
      points: "5",
    });
    expect(await whose(path)).toMatchObject({ email: "real@example.com", name: "Ann" });
    expect(await show("0".repeat(26))).toMatchObject({ code: "NOT_FOUND" });
  });

  test("tabs and every kind of line end are read", async () => {
    const { shop, template, bulk } = await startShop();
    await using _ = shop;
    const csv = "email\tpoints-balance\rann@example.com\t1\r\nben@example.com\t2\ncleo@example.com\t3";
    const { job, results } = await bulk.run(`mode=issue&template=${template}`, csv);
    expect([job.done, results.map(({ line }) => line)]).toEqual([3, [2, 3, 4]]);
  });
});

describe("a hostile or broken CSV file is refused whole, with the place and what to do", () => {
  const header = "email,points-balance\n";
  test.each<[string, string | Uint8Array, RegExp]>([
    ["nothing", "", /no line that says anything/],
    ["a header alone", "email,name\n", /no line that says anything/],
    [
      "misspelt columns",
      "emial,poins-balance\na,b\n",
      /column 1 "emial" is not known \(did you mean "email"\?\); column 2 .*"points-balance"/,
    ],
    ["a column twice", "email,name,email\n", /column 3 "email" is there twice/],
    ["a column twice under two names", "email,recipient.email\n", /column 2 "recipient.email" is there twice/],
    ["the serial number in a file of new passes", "serial,email\n", /"serial" is not known/],
    ["a quote that is not closed", `${header}"a@example.com,1\n`, /a quote is opened and not closed/],
    ["a quote inside a value", `${header}a@example.com,1\nb"b@example.com,1\n`, /a quote inside a value near line 3/],
    ["a row without end", `${header}"${"x".repeat(100_000)}`, /longer than 64 KB/],
    ["Windows-1252", Buffer.from(`${header}Jos\xe9,1\n`, "latin1"), /not UTF-8 text.*CSV UTF-8/],
    ["UTF-16", Buffer.from(`\ufeff${header}a,1\n`, "utf16le"), /not UTF-8/],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), /not UTF-8/],
  ])("%s", async (_name, content, reason) => {
    const { shop, template, bulk } = await startShop();
    await using _ = shop;
    const { status, body } = await bulk.send(`mode=issue&template=${template}`, "text/csv", content as string);
    expect([status, body.error]).toEqual([400, expect.stringMatching(reason)]);
    expect(await shop.app.db.read.query.bulkRows.findMany()).toEqual([]);
    expect(await shop.app.db.read.query.bulkJobs.findMany()).toEqual([]);
  });

  test("a value in a column without a name fails its row; an empty one is nothing", async () => {
    const { shop, template, bulk } = await startShop();
    await using _ = shop;
    const csv = "email,points-balance,,\na@example.com,1,,\nb@example.com,2,x,\n";
    const { results } = await bulk.run(`mode=issue&template=${template}`, csv);
    expect(results.map(({ state }) => state)).toEqual(["done", "failed"]);
    expect(results[1]?.error).toContain("column 3, which has no name");
  });

  test("names of every object's own are columns like others", async () => {
    const { shop, template, bulk } = await startShop();
    await using _ = shop;
    const { body } = await bulk.send(
      `mode=issue&template=${template}`,
      "text/csv",
      "__proto__,constructor,email\n1,2,3\n",
    );
    expect(body.details?.map(({ path }) => path)).toEqual(["column 1", "column 2"]);
  });
});
