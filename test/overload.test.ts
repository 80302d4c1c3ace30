import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import type { PassObject } from "../src/api/pass-object.ts";
import { startTestApp, type TestApp } from "./support/app.ts";

/** What Klaviyo is assumed to wait for an answer. */
const KLAVIYO_WAITS_MS = 5_000;

let shop: TestApp;
let template: string;
let pass: PassObject;

beforeEach(async () => {
  shop = await startTestApp();
  template = await shop.pushGallery("points-card");
  pass = await shop.issue({ passTemplate: template, pass: {}, recipient: { email: "sarah@example.com" } });
});
afterEach(async () => {
  spyOn(performance, "now").mockRestore();
  await shop[Symbol.asyncDispose]();
});

const send = (path: string, body: string | ReadableStream | null, method = "POST") =>
  shop.request(path, { method, headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId }, body });
const recipient = { email: "sarah@example.com" };
const toEveryCall = (): [string, string, string][] => [
  ["POST", "/v1/passes", JSON.stringify({ passTemplate: template, pass: {}, recipient })],
  [
    "POST",
    `/v1/passes/${template}/by-recipient`,
    JSON.stringify({ recipient, pass: { "points-balance": { add: 1 } } }),
  ],
  ["PATCH", `/v1/passes/${template}/${pass.serialNumber}`, JSON.stringify({ pass: { "points-balance": 1 } })],
  ["POST", `/v1/passes/${template}/${pass.serialNumber}/void`, ""],
  ["DELETE", `/v1/passes/${template}/${pass.serialNumber}`, ""],
  // What would be refused for good must not be either, as long as it cannot be kept.
  ["POST", "/v1/passes", "not JSON"],
  ["POST", "/v1/passes", JSON.stringify({ passTemplate: template, pass: { "no-field": 1 } })],
  ["POST", `/v1/passes/${template}/by-recipient/void`, JSON.stringify({ recipient: { email: "nobody@example.com" } })],
];

/** Another process that writes for a long time. */
function holdLock(): Disposable & { release(): void } {
  const other = new SqliteDatabase(join(shop.dataDir, "passhook.db"));
  other.exec("BEGIN IMMEDIATE");
  const release = () => {
    if (other.inTransaction) other.exec("ROLLBACK");
    other.close();
  };
  return { release, [Symbol.dispose]: release };
}

async function expectComeAgain(response: Response): Promise<void> {
  expect(await response.json()).toMatchObject({ code: "UNAVAILABLE", error: expect.stringContaining("Try again") });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, expect.stringMatching(/^[1-9]\d*$/)]);
}

const keptCount = async () => (await shop.app.rejected.list(shop.accountId, { limit: 100 })).items.length;

describe("a database that another process has locked", () => {
  test("every call is asked to come again before Klaviyo gives it up, and works when the lock is gone", async () => {
    using lock = holdLock();
    const startedAt = performance.now();
    const answers = await Promise.all(toEveryCall().map(([method, path, body]) => send(path, body || null, method)));
    expect(performance.now() - startedAt).toBeLessThan(KLAVIYO_WAITS_MS - 1_000);
    for (const answer of answers) await expectComeAgain(answer);
    // What only looks needs no lock.
    const look = await send(`/v1/passes/${template}/by-recipient?email=sarah@example.com`, null, "GET");
    expect(((await look.json()) as PassObject).pass).toEqual(pass.pass);
    expect(await keptCount()).toBe(0);
    lock.release();
    const statuses: number[] = [];
    for (const [method, path, body] of toEveryCall()) statuses.push((await send(path, body || null, method)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 400, 400, 404]);
    expect(await keptCount()).toBe(3);
  });
});

describe("more calls at once than can be answered in time", () => {
  const MOST = 2_000;
  const body = () => JSON.stringify({ passTemplate: template, pass: {}, recipient });
  const look = () => send(`/v1/passes/${template}/by-recipient?email=sarah@example.com`, null, "GET");

  test("those too many are asked to come again at once, unread; the others are all answered", async () => {
    const lock = holdLock();
    // Nobody's patience ends while the calls come in.
    spyOn(performance, "now").mockImplementation(() => 0);
    const answers = Array.from({ length: MOST + 1 }, () => send("/v1/passes", body()));
    await expectComeAgain((await Promise.race(answers)).clone());
    await expectComeAgain(await look());
    let isRead = false;
    const unread = new ReadableStream(
      {
        pull() {
          isRead = true;
        },
      },
      { highWaterMark: 0 },
    );
    for (const path of ["/v1/passes", `/v1/passes/${template}/by-recipient`])
      await expectComeAgain(await send(path, unread));
    expect(isRead).toBe(false);
    expect((await shop.request("/livez")).status).toBe(200);
    expect((await shop.request(`/p/${pass.serialNumber}`)).status).toBe(200);
    lock.release();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200)).toEqual([503]);
    expect((await look()).status).toBe(200);
    expect(await keptCount()).toBe(0);
  }, 30_000);

  test("bodies that are on their way take no place from others", async () => {
    const never = () => new ReadableStream({ pull: () => new Promise<void>(() => {}) });
    for (let i = 0; i < MOST + 1; i++) void send("/v1/passes", never());
    expect((await send("/v1/passes", body())).status).toBe(200);
  });
});

describe("a server that shuts down", () => {
  test("asks every call to come again", async () => {
    await shop.app[Symbol.asyncDispose]();
    for (const [method, path, body] of toEveryCall()) await expectComeAgain(await send(path, body || null, method));
  });

  test("ends connections that are kept alive, so that the next call on them is not lost half-way", async () => {
    const { port } = shop.app.http.listen({ hostname: "127.0.0.1", port: 0 }).server ?? {};
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n");
    const [answer] = await once(socket, "data");
    expect(String(answer)).toStartWith("HTTP/1.1 200");
    expect(String(answer).toLowerCase()).not.toContain("connection: close");
    const closed = once(socket, "close");
    const disposed = shop.app[Symbol.asyncDispose]();
    await closed;
    await disposed;
  });
});
