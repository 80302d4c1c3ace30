import { describe, expect, test } from "bun:test";
import { startTestApp } from "./support/app.ts";
import { PASS_TYPE, phone } from "./support/phone.ts";

async function shopWithPass() {
  const shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const issue = (email: string) =>
    shop.issue({ passTemplate: template, pass: { "points-balance": "10" }, recipient: { email } });
  const { serialNumber } = await issue("sarah@example.com");
  const setPoints = (serial: string, points: string) =>
    shop.request(`/v1/passes/${template}/${serial}`, {
      method: "PATCH",
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body: JSON.stringify({ pass: { "points-balance": points } }),
    });
  const statusOf = async (serial: string) => {
    const answer = await shop.request(`/v1/passes/${template}/${serial}`, {
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
    });
    return ((await answer.json()) as { status: string }).status;
  };
  return { shop, template, serial: serialNumber, issue, setPoints, statusOf };
}

describe("registering", () => {
  test("201 the first time, 200 after that, and the push token is the newest", async () => {
    const { shop, serial, statusOf } = await shopWithPass();
    await using _ = shop;
    const sarah = phone(shop, serial);
    expect((await sarah.register()).status).toBe(201);
    expect((await sarah.register("cd".repeat(32))).status).toBe(200);
    const { devicesOf } = await import("../src/apple/device-store.ts");
    expect((await devicesOf(shop.app.db.read, serial)).map(({ pushToken }) => pushToken)).toEqual(["cd".repeat(32)]);
    expect(await statusOf(serial)).toBe("installed");
  });

  test("the first phone installs, the last one to leave uninstalls, each told once", async () => {
    const { shop, serial, statusOf } = await shopWithPass();
    await using _ = shop;
    const [first, second] = [phone(shop, serial, "phone-1"), phone(shop, serial, "phone-2")];
    await first.register();
    await second.register();
    expect((await first.unregister()).status).toBe(200);
    expect(await statusOf(serial)).toBe("installed");
    expect((await second.unregister()).status).toBe(200);
    expect(await statusOf(serial)).toBe("uninstalled");
    expect((await second.unregister()).status).toBe(200);
    await first.register();
    const { listPassEvents } = await import("../src/passes/pass-store.ts");
    const kinds = (await listPassEvents(shop.app.db.read, serial)).map(({ kind }) => kind);
    expect(kinds).toEqual(["created", "installed", "uninstalled", "installed"]);
  });

  test.each([
    ["a wrong token", (serial: string) => ({ path: serial, token: "x".repeat(43) })],
    ["an unknown pass", (_: string) => ({ path: "0".repeat(26), token: "x".repeat(43) })],
    ["no token", (serial: string) => ({ path: serial, token: undefined })],
    ["a serial that is none", (_: string) => ({ path: "%00..%2f", token: "x".repeat(43) })],
  ])("401 for %s", async (_, make) => {
    const { shop, serial } = await shopWithPass();
    await using _shop = shop;
    const { path, token } = make(serial);
    const headers = token === undefined ? {} : { authorization: `ApplePass ${token}` };
    const calls: [string, string][] = [
      ["POST", `/passkit/v1/devices/d/registrations/${PASS_TYPE}/${path}`],
      ["DELETE", `/passkit/v1/devices/d/registrations/${PASS_TYPE}/${path}`],
      ["GET", `/passkit/v1/passes/${PASS_TYPE}/${path}`],
    ];
    for (const [method, url] of calls) {
      const answer = await shop.request(url, { method, headers, ...(method === "POST" ? { body: "{}" } : {}) });
      expect([method, answer.status]).toEqual([method, 401]);
    }
  });

  test("the token of one pass does not open another", async () => {
    const { shop, serial, issue } = await shopWithPass();
    await using _ = shop;
    const other = await issue("other@example.com");
    const headers = { authorization: `ApplePass ${shop.app.vault.authenticationToken(serial)}` };
    const answer = await shop.request(`/passkit/v1/passes/${PASS_TYPE}/${other.serialNumber}`, { headers });
    expect(answer.status).toBe(401);
  });

  test.each([["not hex"], [12], [undefined], ["ab"]])("400 for the push token %p", async (pushToken) => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    expect((await phone(shop, serial).register(pushToken ?? null)).status).toBe(400);
  });

  test("400 for a device name that is none, and for a body that is not JSON", async () => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    expect((await phone(shop, serial, "a%20b%00").register()).status).toBe(400);
    const answer = await shop.request(`/passkit/v1/devices/d/registrations/${PASS_TYPE}/${serial}`, {
      method: "POST",
      headers: { authorization: `ApplePass ${shop.app.vault.authenticationToken(serial)}` },
      body: "[1",
    });
    expect(answer.status).toBe(400);
  });
});

describe("asking what changed", () => {
  test("204 for an unknown device, without authorization", async () => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    expect((await phone(shop, serial, "nobody").changes()).status).toBe(204);
  });

  test("every pass that changed since the tag, also two in one second; then nothing", async () => {
    const { shop, serial, issue, setPoints } = await shopWithPass();
    await using _ = shop;
    const { serialNumber: second } = await issue("second@example.com");
    await phone(shop, serial).register();
    await phone(shop, second).register();
    const all = (await (await phone(shop, serial).changes()).json()) as {
      serialNumbers: string[];
      lastUpdated: string;
    };
    expect(all.serialNumbers.toSorted()).toEqual([serial, second].toSorted());
    expect(typeof all.lastUpdated).toBe("string");
    expect((await phone(shop, serial).changes(all.lastUpdated)).status).toBe(204);

    await setPoints(serial, "20");
    const once = (await (await phone(shop, serial).changes(all.lastUpdated)).json()) as typeof all;
    expect(once.serialNumbers).toEqual([serial]);
    await setPoints(second, "30");
    const since = (await (await phone(shop, serial).changes(all.lastUpdated)).json()) as typeof all;
    expect(since.serialNumbers).toEqual([serial, second]);
    const later = (await (await phone(shop, serial).changes(once.lastUpdated)).json()) as typeof all;
    expect(later.serialNumbers).toEqual([second]);
    expect((await phone(shop, serial).changes(later.lastUpdated)).status).toBe(204);
  });

  test("a tag that is not ours is as good as none", async () => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    await phone(shop, serial).register();
    expect((await phone(shop, serial).changes("Sat, 21 Nov 2026 12:00:00 GMT")).status).toBe(200);
  });

  test("a thousand phones behind one address are served", async () => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => phone(shop, serial, `phone-${i}`).changes()),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
  });

  test("one phone that asks all the time is slowed down", async () => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    const statuses: number[] = [];
    for (let i = 0; i < 130; i++) statuses.push((await phone(shop, serial).changes()).status);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe("fetching the pass", () => {
  test("Last-Modified is stable, an HTTP date, and answers 304", async () => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    const sarah = phone(shop, serial);
    const first = await sarah.fetch();
    expect(first.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
    const lastModified = first.headers.get("last-modified") ?? "";
    expect(lastModified).toMatch(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/);
    shop.clock.advance(60_000);
    expect((await sarah.fetch()).headers.get("last-modified")).toBe(lastModified);
    expect((await sarah.fetch({ "if-modified-since": lastModified })).status).toBe(304);
    expect((await sarah.fetch({ "if-modified-since": lastModified }, "HEAD")).status).toBe(304);
    expect((await sarah.fetch({}, "HEAD")).status).toBe(200);
  });

  test("two changes within one second both have a later Last-Modified", async () => {
    const { shop, serial, setPoints } = await shopWithPass();
    await using _ = shop;
    const sarah = phone(shop, serial);
    const seen: number[] = [];
    for (const points of ["10", "20", "30"]) {
      await setPoints(serial, points);
      seen.push(Date.parse((await sarah.fetch()).headers.get("last-modified") ?? ""));
    }
    expect(new Set(seen).size).toBe(3);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  test("a change that does not show gives neither a new tag nor a new Last-Modified", async () => {
    const { shop, serial, setPoints } = await shopWithPass();
    await using _ = shop;
    await phone(shop, serial).register();
    const before = (await (await phone(shop, serial).changes()).json()) as { lastUpdated: string };
    const lastModified = (await phone(shop, serial).fetch()).headers.get("last-modified");
    shop.clock.advance(10_000);
    await setPoints(serial, "10.0");
    expect((await phone(shop, serial).changes(before.lastUpdated)).status).toBe(204);
    expect((await phone(shop, serial).fetch()).headers.get("last-modified")).toBe(lastModified);
  });

  test("a deleted pass is served void to the phones that hold it", async () => {
    const { shop, serial, template } = await shopWithPass();
    await using _ = shop;
    await phone(shop, serial).register();
    const headers = { "x-api-key": shop.apiKey, "x-account-id": shop.accountId };
    const deleted = await shop.request(`/v1/passes/${template}/${serial}`, { method: "DELETE", headers });
    expect([deleted.status, await deleted.json()]).toEqual([
      200,
      { id: serial, serialNumber: serial, passTemplate: template, passType: template, status: "deleted" },
    ]);
    const text = Buffer.from(await (await phone(shop, serial).fetch()).bytes()).toString("latin1");
    expect(text).toContain('"voided":true');
    expect((await shop.request(`/p/${serial}`)).status).toBe(410);
  });
});

describe("the rest", () => {
  test("a serial number may come percent-encoded", async () => {
    const { shop, serial } = await shopWithPass();
    await using _ = shop;
    const encoded = [...serial].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join("");
    const headers = { authorization: `ApplePass ${shop.app.vault.authenticationToken(serial)}` };
    expect((await shop.request(`/passkit/v1/passes/${PASS_TYPE}/${encoded}`, { headers })).status).toBe(200);
  });

  test("the server answers others while many passes are signed", async () => {
    const { shop, issue } = await shopWithPass();
    await using _ = shop;
    const serials: string[] = [];
    for (let i = 0; i < 40; i++) serials.push((await issue(`many-${i}@example.com`)).serialNumber);
    let signing = true;
    let answered = 0;
    const others = (async () => {
      while (signing) {
        expect((await shop.request("/livez")).status).toBe(200);
        answered++;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const fetched = await Promise.all(serials.map((serial) => phone(shop, serial).fetch()));
    signing = false;
    await others;
    expect(new Set(fetched.map(({ status }) => status))).toEqual(new Set([200]));
    // Signed on the event loop, all of them would have been one turn.
    expect(answered).toBeGreaterThan(10);
  });

  test("//v1 is served as well, and a template's new version reaches the phones that hold its passes", async () => {
    const { shop, serial, template } = await shopWithPass();
    await using _ = shop;
    await phone(shop, serial).register();
    shop.app.worker.start();
    const path = `/passkit//v1/devices/phone-1/registrations/${PASS_TYPE}`;
    const { lastUpdated } = (await (await shop.request(path)).json()) as { lastUpdated: string };
    const current = await shop.app.templates.current(shop.accountId, template);
    shop.clock.advance(5_000);
    const definition = { ...current.definition, pass: { ...current.definition.pass, logoText: "New name" } };
    await shop.app.templates.push(shop.accountId, { id: template, definition, images: current.images });
    await shop.app.worker.idle();
    const changed = await shop.request(`${path}?passesUpdatedSince=${lastUpdated}`);
    expect((await changed.json()) as object).toMatchObject({ serialNumbers: [serial] });

    // The same again changes nothing that shows.
    const { lastUpdated: after } = (await (await shop.request(path)).json()) as { lastUpdated: string };
    await shop.app.templates.push(shop.accountId, { id: template, definition, images: current.images });
    await shop.app.worker.idle();
    expect((await shop.request(`${path}?passesUpdatedSince=${after}`)).status).toBe(204);
  });

  test("logs are always good, grouped and explained", async () => {
    const { shop } = await shopWithPass();
    await using _ = shop;
    const post = (body: string) => shop.request("/passkit/v1/log", { method: "POST", body });
    const line = (serial: string) =>
      `[2026-11-21 12:00:00 +0000] Server requested update to serial number '${serial}', but the pass was unchanged.`;
    for (const serial of ["6smj68b1hfpkzb2ged1zptyh1x", "d43msztpevhj9hp65b364db4h8"]) {
      expect((await post(JSON.stringify({ logs: [line(serial), line(serial)] }))).status).toBe(200);
    }
    for (const body of [
      "",
      "nonsense",
      "[]",
      '{"logs":{"a":1}}',
      JSON.stringify({ logs: [1, null, {}] }),
      "x".repeat(70_000),
    ]) {
      expect((await post(body)).status).toBe(200);
    }
    const { causeOf } = await import("../src/apple/device-log.ts");
    const rows = await shop.app.deviceLogs.latest(10);
    expect(rows.map(({ count }) => count)).toEqual([4]);
    expect(causeOf(rows[0]?.message ?? "")).toContain("Harmless");
  });

  test("a flood of log lines stays a few hundred rows", async () => {
    const { shop } = await shopWithPass();
    await using _ = shop;
    const words = Array.from({ length: 600 }, (_, i) => String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26)));
    for (let i = 0; i < words.length; i += 50) {
      await shop.app.deviceLogs.add(words.slice(i, i + 50).map((word) => `strange message ${word}`));
    }
    expect((await shop.app.deviceLogs.latest(1_000)).length).toBeLessThanOrEqual(500);
  });
});
