import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createLiveStreams } from "../src/web/admin/live-streams.ts";
import { type AdminBrowser, openBrowser, signedIn } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { createFakeClock } from "./support/clock.ts";

/** Pages that follow what happens. */

let shop: TestApp;
let viewer: AdminBrowser;
let template: string;
const at = (path: string): string => `/admin/${shop.accountId}${path}`;
const page = () => at(`/klaviyo/flow/${template}/issue`);

beforeEach(async () => {
  shop = await startTestApp();
  viewer = await signedIn(shop, "viewer");
  template = await shop.pushGallery("points-card");
});
afterEach(() => shop[Symbol.asyncDispose]());

/** What was begun in this process goes on. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What the page of a browser would listen to. */
async function listen(browser: AdminBrowser) {
  const [, url = ""] = /data-follow="([^"]+)"/.exec(await browser.page(page())) ?? [];
  const response = await browser.get(url);
  const reader = (response.body ?? new ReadableStream()).getReader();
  const decoder = new TextDecoder();
  return {
    response,
    /** The next piece that is sent, while time goes on; nothing when the stream has ended. */
    async next(): Promise<string | undefined> {
      const reading = reader.read();
      let isRead = false;
      reading.then(() => {
        isRead = true;
      });
      while (!isRead) {
        await turn();
        shop.clock.advance(1_000);
      }
      const { value, done } = await reading;
      return done ? undefined : decoder.decode(value);
    },
    stop: () => reader.cancel(),
  };
}

describe("a page that waits for the first webhook", () => {
  test("hears when a pass is issued, and then shows it", async () => {
    expect(await viewer.page(page())).toContain("Waiting for your first webhook");
    const stream = await listen(viewer);
    expect(stream.response.headers.get("content-type")).toBe("text/event-stream");
    expect(stream.response.headers.get("cache-control")).toBe("private, no-store");
    expect(await stream.next()).toBe("retry: 3000\n\n");
    const { serialNumber } = await shop.issue({ passTemplate: template, pass: {}, recipient: { name: "Mia" } });
    expect(await stream.next()).toBe("event: changed\ndata:\n\n");
    const shown = await viewer.page(page());
    expect(shown).toContain("Webhooks arrive");
    expect(shown).toContain(`href="${at(`/passes/${serialNumber}`)}"`);
    await stream.stop();
  });

  test("hears of a request that was refused, and says why", async () => {
    const stream = await listen(viewer);
    await stream.next();
    await shop.post({ passTemplate: template, pass: { "points-balance": "many" } });
    expect(await stream.next()).toContain("changed");
    const shown = await viewer.page(page());
    expect(shown).toContain("A request arrived, and was refused");
    expect(shown).toContain("pass.points-balance");
    expect(shown).toContain(`href="${at("/rejected/1")}"`);
    await stream.stop();
  });

  test("does not take a refused call that issues nothing for the webhook", async () => {
    const refused = await shop.request(`/v1/passes/${template}/by-recipient/void`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body: "{}",
    });
    expect(refused.status).toBe(400);
    expect(await viewer.page(page())).toContain("Waiting for your first webhook");
  });

  test("misses nothing between loading and listening", async () => {
    const [, url = ""] = /data-follow="([^"]+)"/.exec(await viewer.page(page())) ?? [];
    await shop.issue({ passTemplate: template, pass: {} });
    const { body } = await viewer.get(url);
    const reader = (body ?? new ReadableStream<Uint8Array>()).getReader();
    await reader.read();
    const reading = reader.read();
    shop.clock.advance(1_000);
    expect(new TextDecoder().decode((await reading).value)).toContain("changed");
    await reader.cancel();
  });

  test("hears nothing of another account's passes", async () => {
    const stream = await listen(viewer);
    await stream.next();
    const other = await shop.app.accounts.create("Other");
    const { apiKey } = await shop.app.accounts.createKey(other.id, "other");
    await shop.post({ passTemplate: "ptk_0x1", pass: {} }, { "x-api-key": apiKey, "x-account-id": other.id });
    // Fifteen quiet seconds, then the sign that the connection is alive.
    expect(await stream.next()).toBe(":\n\n");
    await stream.stop();
  });
});

describe("a stream ends", () => {
  test.each<[string, (browser: AdminBrowser) => Promise<unknown>]>([
    ["when the visitor signs out", (browser) => browser.submit("/admin/sign-out")],
    [
      "when the session is revoked",
      async () => {
        const [admin] = await shop.app.db.read.query.admins.findMany();
        const [session] = await shop.app.access.sessions.list(admin?.id ?? "");
        await shop.app.access.sessions.revoke(admin?.id ?? "", session?.id ?? "");
      },
    ],
    ["when the template is deleted", () => shop.app.templates.remove(shop.accountId, template)],
  ])("%s", async (_, end) => {
    const stream = await listen(viewer);
    await stream.next();
    await end(viewer);
    expect(await stream.next()).toBeUndefined();
  });

  test("when nobody visited for twelve hours, for listening is no visit", async () => {
    const stream = await listen(viewer);
    await stream.next();
    shop.clock.advance(12 * 3_600_000);
    expect(await stream.next()).toBeUndefined();
  });

  test("when the server shuts down, and none is opened after", async () => {
    const stream = await listen(viewer);
    await stream.next();
    await shop.app[Symbol.asyncDispose]();
    expect(await stream.next()).toBeUndefined();
  });
});

test("nobody listens without being signed in", async () => {
  const response = await openBrowser(shop).get(`${page()}/live`);
  expect(response.status).toBe(303);
  expect(response.headers.get("location")).toStartWith("/admin/sign-in");
});

describe("the hub", () => {
  const quiet = { seen: "a", look: async () => "a" };

  test("takes so many listeners and no more; one that leaves makes room", async () => {
    const streams = createLiveStreams({ clock: createFakeClock(), maxListeners: 2 });
    const first = streams.open(quiet);
    streams.open(quiet);
    expect(() => streams.open(quiet)).toThrow("Load the page again");
    await first.cancel();
    streams.open(quiet);
    streams.close();
    expect(() => streams.open(quiet)).toThrow();
  });

  test("looks at nothing while nobody listens", async () => {
    const clock = createFakeClock();
    let looks = 0;
    const streams = createLiveStreams({ clock });
    const stream = streams.open({ seen: "a", look: async () => String(looks++) });
    clock.advance(1_000);
    expect(looks).toBe(1);
    await stream.cancel();
    await turn();
    clock.advance(1_000);
    await turn();
    clock.advance(60_000);
    expect(looks).toBe(1);
  });
});
