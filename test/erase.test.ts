import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import type { PassObject } from "../src/api/pass-object.ts";
import type { erasureObject } from "../src/passes/erase/erase.ts";
import { mentionsOf } from "../src/passes/erase/mentions.ts";
import { insertResult } from "../src/webhooks/result-store.ts";
import { apiOf } from "./support/api-client.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { bulkOf } from "./support/bulk.ts";
import { cli, cliJson } from "./support/cli.ts";
import { readPackage } from "./support/read-package.ts";

type Erased = ReturnType<typeof erasureObject> & { readonly code?: string };

const SARAH = {
  name: "Sarah Quillfeather",
  email: "sarah.quill@example.com",
  phone: "+4915112345678",
  externalId: "SHOP-4711",
  klaviyoId: "01GDDKASAP8TKDDA2GRZDSVP4H",
};
/** Anything of her that could stand somewhere. */
const TRACES = ["Quillfeather", "sarah.quill", "15112345678", "SHOP-4711", "01GDDKASAP8TKDDA2GRZDSVP4H", "Platinum"];

async function shopWithSarah() {
  const shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const issue = (recipient: object, pass: object = { "member-name": SARAH.name, "member-level": "Platinum" }) =>
    shop.issue({ passTemplate: template, pass, recipient });
  const sarahs = await issue(SARAH);
  const bens = await issue({ email: "ben@example.com" }, { "member-name": "Ben" });
  const api = apiOf(shop);
  return {
    ...{ shop, template, issue, sarahs, bens },
    ...api,
    erase: (path: string) => api.json<Erased>("DELETE", `/recipients${path}`),
  };
}

function phoneOf(shop: TestApp, { serialNumber }: PassObject) {
  const authorization = `ApplePass ${shop.app.vault.authenticationToken(serialNumber)}`;
  const type = "pass.com.example.passhook";
  return {
    register: () =>
      shop.request(`/passkit/v1/devices/phone/registrations/${type}/${serialNumber}`, {
        method: "POST",
        headers: { authorization },
        body: JSON.stringify({ pushToken: "ab".repeat(32) }),
      }),
    passJson: async () => {
      const answer = await shop.request(`/passkit/v1/passes/${type}/${serialNumber}`, { headers: { authorization } });
      return String((await readPackage(await answer.bytes())).get("pass.json"));
    },
  };
}

/** A receiver of webhooks that answered with what it was sent. */
async function keepEchoOf(shop: TestApp, { pass, serialNumber }: PassObject): Promise<void> {
  const receiver = { name: "Echo", url: "https://example.com/echo", subscribedEvents: ["pn.pass.deleted"] };
  const { webhook } = await shop.app.webhooks.create(shop.accountId, { ...receiver, includeValues: true });
  const [eventId, eventType, at] = ["1", "pn.pass.created" as const, shop.clock.now()];
  const answer = {
    responseStatus: 200,
    responseBody: JSON.stringify({ serialNumber, pass }),
    error: null,
    success: true,
  };
  const result = { webhookId: webhook.id, eventId, eventType, url: webhook.url, ...answer, attempt: 1, at };
  await shop.app.db.transaction(async ({ query }) => void (await insertResult(query, result)));
}

describe("a person who is erased", () => {
  test("is gone from everywhere, down to the last byte of the database", async () => {
    const { shop, template, issue, sarahs, bens, call, erase } = await shopWithSarah();
    await using _ = shop;
    // Every place that could hold something of her.
    shop.app.worker.start();
    await shop.app.worker.idle();
    await phoneOf(shop, sarahs).register();
    await issue({ ...SARAH, phone: "0151 1234567" }, { "member-name": SARAH.name, "points-balance": 8 });
    await shop.post({ passTemplate: template, pass: { wrong: "x" }, recipient: { email: SARAH.email } });
    await shop.post(`{"passTemplate":"${template}","pass":{"wrong":"0151 12345-678","name":"Quillfeather"}}`);
    await shop.post({ passTemplate: template, pass: { wrong: "x" }, recipient: { email: "ben@example.com" } });
    await issue(SARAH, {});
    await shop.issue({
      passTemplate: await shop.pushGallery("event-ticket"),
      pass: TICKET,
      recipient: SARAH,
      idempotencyKey: SARAH.email,
    });
    await keepEchoOf(shop, sarahs);
    await shop.app.deviceLogs.add([`Task for ${sarahs.serialNumber} failed`]);
    await shop.app.worker.idle();
    const bulk = bulkOf(shop);
    const lines = `${SARAH.email},many,${SARAH.name}\nben@example.com,5,Ben\n`;
    await bulk.run(`mode=issue&template=${template}`, `email,points-balance,member-name\n${lines}`);
    await shop.app.worker.drain(0);
    const { body: waiting } = await bulk.send(
      `mode=issue&template=${template}`,
      "text/csv",
      `email,member-name\n${SARAH.email},${SARAH.name}\ncleo@example.com,Cleo\n`,
    );

    const { status, body } = await erase(`?email=${SARAH.email.toUpperCase()}`);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        askedBy: "email",
        requestedBy: `API key ${shop.apiKey.split("_")[1]}`,
        klaviyo: "waiting",
        counts: expect.objectContaining({
          recipients: 1,
          passes: 2,
          rejectedRequests: 2,
          fileLines: 1,
          deliveries: 1,
          deviceMessages: 1,
          webhookAnswers: 1,
        }),
      }),
    ]);
    expect(body.counts.sandboxRequests).toBeGreaterThan(0);

    // What people see.
    for (const accept of ["text/html", "*/*"]) {
      const page = await shop.request(`/p/${sarahs.serialNumber}`, { headers: { accept } });
      expect(page.status).toBe(410);
    }
    const shown = await phoneOf(shop, sarahs).passJson();
    expect(shown).toContain('"voided":true');
    expect(TRACES.filter((trace) => shown.includes(trace))).toEqual([]);
    expect(
      (await shop.app.outbox.list({ accountId: shop.accountId }, { limit: 100 })).items.map(({ kind }) => kind),
    ).toContain("apple.push");
    expect((await call("GET", `/recipients?email=${SARAH.email}`)).status).toBe(404);
    expect((await shop.app.links.load(bens.serialNumber)).pass.values).toMatchObject({ "member-name": "Ben" });
    expect(
      (await shop.app.rejected.list(shop.accountId, { limit: 10 })).items.map(({ body }) => body).join(),
    ).toContain("ben@example.com");
    // Her line of the file is not done any more; the others are.
    shop.app.worker.start();
    await shop.app.worker.idle();
    expect(await bulk.job(waiting.id)).toMatchObject({ state: "done", done: 1, cancelled: 1 });
    expect((await bulk.results(waiting.id)).map(({ state }) => state)).toEqual(["cancelled", "done"]);

    shop.clock.advance(61_000);
    await shop.app.worker.idle();
    await shop.app[Symbol.asyncDispose]();
    const bytes = readdirSync(shop.dataDir)
      .filter((name) => name.startsWith("passhook.db"))
      .map((name) => readFileSync(join(shop.dataDir, name), "latin1"))
      .join();
    expect(bytes).toContain("ben@example.com");
    expect(TRACES.filter((trace) => bytes.toLowerCase().includes(trace.toLowerCase()))).toEqual([]);
  }, 60_000);
});

const TICKET = { "event-name": "Concert", venue: "Hall", "starts-at": "2026-11-21T19:30", "attendee-name": SARAH.name };

test("identifiers are found in texts however they are written, and not inside others", () => {
  const mentions = mentionsOf(["sarah.o'neil@example.com", "+4915112345678", "SHOP-4711", "42"]);
  const found = [
    "SARAH.O'Neil@Example.com",
    '{"email":"sarah.o\\u0027neil\\u0040example.com"}',
    '{"email":"sarah.o&#39;neil@example.com"}',
    "?email=sarah.o%27neil%40example.com",
    "0151 / 123-456-78",
    "(+49) 151.12345678",
    '"externalId":"shop-4711"',
  ];
  const others = [
    "mysarah.o'neil@example.com",
    "sarah.o'neil@example.com.au2".replace(".au2", "munity"),
    "SHOP-47110",
    '{"points":42}',
    "0151 1234567",
  ];
  expect([found.filter((text) => !mentions(text)), others.filter(mentions)]).toEqual([[], []]);
});

test("every table is searched, or holds nothing of a person", async () => {
  await using shop = await startTestApp();
  const nothing = [
    ...["accounts", "api_keys", "certificate_requests", "certificate_warnings", "counters", "daily_counts", "images"],
    ...["klaviyo_connections", "outbox_lanes", "pass_events", "push_counts", "schema_migrations", "signing_identities"],
    ...["template_images", "template_versions", "templates", "webhooks"],
    // Those who run the shop, not its customers.
    ...["admins", "admin_links", "admin_sessions"],
    // What they draw, with examples in the place of somebody.
    ...["template_drafts", "template_draft_images"],
    // Only through these does a phone hear that its pass is blank now.
    ...["devices", "registrations"],
    // What is left of somebody: keyed hashes.
    ...["erased_identifiers", "erasures"],
  ];
  const erased = [
    ...["bulk_jobs", "bulk_rows", "device_logs", "idempotency_keys", "outbox", "passes", "recipient_identifiers"],
    ...["recipients", "rejected_requests", "sandbox_requests", "webhook_results"],
  ];
  const client = new SqliteDatabase(join(shop.dataDir, "passhook.db"), { readonly: true });
  const tables = client
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    .all()
    .map(({ name }) => name);
  client.close();
  // A new table? See what of it is somebody's, and teach src/passes/erase about it.
  expect(tables.sort()).toEqual([...nothing, ...erased].sort());
});

describe("an erasure", () => {
  test("of somebody unknown says so and is not recorded; a second one of the same person is the first", async () => {
    const { shop, sarahs, json, erase } = await shopWithSarah();
    await using _ = shop;
    for (const path of ["?email=nobody@example.com", "/rcp_nobody", "?externalId=none"]) {
      expect([path, (await erase(path)).status]).toEqual([path, 404]);
    }
    for (const path of [
      "",
      "?email=",
      "?email=sarah",
      "?email=a@b.cd&phone=%2B4915112345678",
      "?name=Sarah",
      "/rcp_1?email=a@b.cd",
    ]) {
      expect([path, (await erase(path)).status]).toEqual([path, 400]);
    }
    const list = () => shop.app.data.eraser.list(shop.accountId, { limit: 10 });
    expect((await list()).items).toEqual([]);
    const { id } = (await shop.app.links.load(sarahs.serialNumber)).recipient;
    const { body: first } = await erase(`?externalId=${sarahs.serialNumber}`);
    for (const path of [
      `/${id}`,
      `?email=${SARAH.email}`,
      "?phone=%2B49151-12345678",
      `?klaviyoId=${SARAH.klaviyoId}`,
    ]) {
      expect((await erase(path)).body).toEqual(first);
    }
    expect((await list()).items.map(({ id }) => id)).toEqual([first.id]);
    // She comes back as somebody new.
    const again = await shop.issue({ passTemplate: sarahs.passTemplate, pass: {}, recipient: { email: SARAH.email } });
    expect(again.serialNumber).not.toBe(sarahs.serialNumber);
    expect((await json("GET", `/recipients?email=${SARAH.email}`)).status).toBe(200);
    expect((await erase(`?email=${SARAH.email}`)).body.id).not.toBe(first.id);
  });

  test("is the account's own matter", async () => {
    const { shop } = await shopWithSarah();
    await using _ = shop;
    const other = await shop.app.accounts.create("Other");
    const { apiKey } = await shop.app.accounts.createKey(other.id, "test");
    const theirs = apiOf({ ...shop, accountId: other.id, apiKey });
    const known = await shop.app.data.recipients.find({ accountId: shop.accountId, by: "email", value: SARAH.email });
    for (const path of [`?email=${SARAH.email}`, `/${known?.recipient.id}`]) {
      expect([path, (await theirs.json("DELETE", `/recipients${path}`)).status]).toEqual([path, 404]);
      expect([path, (await theirs.json("GET", `/recipients${path}`)).status]).toEqual([path, 404]);
    }
  });

  test("takes with it whoever bears the identifier, though it may mean somebody else", async () => {
    const { shop, issue, erase, json } = await shopWithSarah();
    await using _ = shop;
    // Klaviyo's id decides who this is; the address, which means Sarah, stays in the row all the same.
    const double = await issue({ klaviyoId: "01GDDKASAP8TKDDA2GRZDSVP4X", email: "s@example.com" });
    await issue({ klaviyoId: "01GDDKASAP8TKDDA2GRZDSVP4X", email: SARAH.email });
    const { body } = await erase(`?email=${SARAH.email}`);
    expect(body.counts).toMatchObject({ recipients: 2, passes: 2 });
    expect((await shop.app.links.load(double.serialNumber)).pass.state).toBe("deleted");
    expect((await json("GET", "/recipients?klaviyoId=01GDDKASAP8TKDDA2GRZDSVP4X")).status).toBe(404);
  });

  test("that the program did not finish is finished by asking again", async () => {
    const { shop, sarahs, erase } = await shopWithSarah();
    await using _ = shop;
    const enqueue = shop.app.outbox.enqueue;
    shop.app.outbox.enqueue = async (tx, jobs, now) => {
      if (jobs.some(({ kind }) => kind === "klaviyo.erasure")) throw new Error("killed");
      return enqueue(tx, jobs, now);
    };
    expect((await erase(`?email=${SARAH.email}`)).status).toBe(500);
    shop.app.outbox.enqueue = enqueue;
    expect((await shop.app.links.load(sarahs.serialNumber)).recipient.email).toBe(SARAH.email);
    expect((await erase(`?email=${SARAH.email}`)).body.counts).toMatchObject({ recipients: 1, passes: 1 });
  });

  test("can be asked for later, also by command", async () => {
    const { shop, erase } = await shopWithSarah();
    await using _ = shop;
    const data = ["--data", shop.dataDir];
    const { body } = await erase(`?email=${SARAH.email}`);
    const ben = await cliJson<Erased>("recipient", "erase", "ben@example.com", ...data);
    expect(ben).toMatchObject({ requestedBy: "command line", askedBy: "email", counts: { passes: 1 } });
    const erasures = async (...words: string[]) =>
      (await cliJson<{ items: Erased[] }>("recipient", "erasures", ...words, ...data)).items.map(({ id }) => id);
    expect((await erasures()).sort()).toEqual([body.id, ben.id].sort());
    expect(await erasures("--email", SARAH.email)).toEqual([body.id]);
    expect(await erasures("--phone", SARAH.phone)).toEqual([body.id]);
    expect(await erasures("--email", "nobody@example.com")).toEqual([]);
    const { status, stderr } = await cli("recipient", "erase", "nobody@example.com", ...data);
    expect([status, stderr]).toEqual([1, expect.stringContaining("Nobody is known by that here.")]);
    expect((await cli("recipient", "erase", ...data)).status).toBe(2);
    expect((await cli("recipient", "erasures", "--email", SARAH.email, ...data)).stdout).toContain("passes ended");
  });
});

test("a person is shown with everything that leads to them, and their passes", async () => {
  const { shop, sarahs, json } = await shopWithSarah();
  await using _ = shop;
  const { body } = await json<{ id: string; identifiers: unknown[]; passes: PassObject[] }>(
    "GET",
    `/recipients?email=${SARAH.email}`,
  );
  expect(body).toMatchObject(SARAH);
  expect(body.identifiers).toHaveLength(4);
  expect(body.passes.map(({ serialNumber }) => serialNumber)).toEqual([sarahs.serialNumber]);
  expect((await json("GET", `/recipients?externalId=${sarahs.serialNumber}`)).body).toEqual(body);
  expect((await json("GET", `/recipients/${body.id}`)).body).toEqual(body);
  expect(
    await cliJson<unknown>(
      "recipient",
      "show",
      SARAH.email,
      "--data",
      shop.dataDir,
      "--public-url",
      "https://passes.example.com",
    ),
  ).toEqual(body);
});
