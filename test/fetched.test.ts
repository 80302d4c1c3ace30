import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { startTestApp, type TestApp } from "./support/app.ts";
import { eventually } from "./support/eventually.ts";
import { CHROME_ANDROID, IN_APP, PROGRAMS, ROBOTS, SAFARI_IPHONE, SAFARI_MAC } from "./support/user-agents.ts";

const HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

let shop: TestApp;
let template: string;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushGallery("points-card");
});
afterAll(() => shop[Symbol.asyncDispose]());

const issue = async () => (await shop.issue({ passTemplate: template, pass: {}, recipient: {} })).serialNumber;
const fetchedAt = async (serial: string) => {
  // Whatever was begun before this is on disk after it.
  await shop.app.db.transaction(async () => {});
  return (await shop.app.links.load(serial)).pass.fetchedAt;
};
const get = (path: string, agent: string, headers: Record<string, string> = {}, method = "GET") =>
  shop.request(path, { method, headers: { accept: HTML, "user-agent": agent, ...headers } });

describe("the first fetch by a person is noted", () => {
  test.each([
    ["an iPhone follows the link", "", SAFARI_IPHONE],
    ["a Mac takes the button", ".pkpass", SAFARI_MAC],
    ["an app that adds passes itself", "", "Osier/4.1 CFNetwork/1568.100.1 Darwin/24.0.0"],
  ])("%s", async (_, ending, agent) => {
    const serial = await issue();
    expect(await fetchedAt(serial)).toBeNull();
    const first = shop.clock.now();
    const headers = agent.startsWith("Mozilla") ? {} : { accept: "*/*" };
    expect((await get(`/p/${serial}${ending}`, agent, headers)).status).toBe(200);
    expect(await fetchedAt(serial)).toBe(first);
    shop.clock.advance(60_000);
    await get(`/p/${serial}${ending}`, agent, headers);
    expect(await fetchedAt(serial)).toBe(first);
  });

  test("as part of a bundle too", async () => {
    const serials = [await issue(), await issue()];
    const answer = await shop.request("/v1/bundles", {
      method: "POST",
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body: JSON.stringify({ serials }),
    });
    const { url } = (await answer.json()) as { url: string };
    await get(new URL(url).pathname, ROBOTS[0] ?? "");
    expect(await Promise.all(serials.map(fetchedAt))).toEqual([null, null]);
    await get(new URL(url).pathname, SAFARI_IPHONE);
    expect(await Promise.all(serials.map(fetchedAt))).toEqual([shop.clock.now(), shop.clock.now()]);
  });

  test("it changes nothing that a phone would ask for, and nothing else of the pass", async () => {
    const serial = await issue();
    const { pass: before } = await shop.app.links.load(serial);
    const etag = (await get(`/p/${serial}`, SAFARI_IPHONE)).headers.get("etag");
    const { pass: after } = await shop.app.links.load(serial);
    expect(after).toEqual({ ...before, fetchedAt: after.fetchedAt });
    expect((await get(`/p/${serial}`, SAFARI_IPHONE)).headers.get("etag")).toBe(etag);
  });
});

describe("what is no fetch by a person", () => {
  const PREFETCH: readonly (readonly [string, string])[] = [
    ["sec-purpose", "prefetch"],
    ["sec-purpose", "prefetch;prerender"],
    ["purpose", "prefetch"],
    ["x-moz", "prefetch"],
    ["x-purpose", "preview"],
  ];
  const PAGES = [SAFARI_MAC, CHROME_ANDROID, IN_APP[0]?.[0] ?? ""];
  const HEADLESS = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 (KHTML, like Gecko) HeadlessChrome/130.0 Safari/537.36";

  const isNoted = async (path: (serial: string) => string, agent: string, headers = {}, method = "GET") => {
    const serial = await issue();
    expect((await get(path(serial), agent, headers, method)).status).toBe(200);
    return (await fetchedAt(serial)) !== null;
  };
  const link = (serial: string) => `/p/${serial}`;
  const download = (serial: string) => `/p/${serial}.pkpass`;

  test("HEAD", async () => {
    expect(await isNoted(link, SAFARI_IPHONE, {}, "HEAD")).toBe(false);
  });

  test.each(PAGES)("a page: %s", async (agent) => {
    expect(await isNoted(link, agent)).toBe(false);
  });

  test.each(PREFETCH)("%s: %s", async (name, value) => {
    expect(await isNoted(link, SAFARI_IPHONE, { [name]: value })).toBe(false);
  });

  test.each([...ROBOTS, ...PROGRAMS, HEADLESS])("the link or the package for %p", async (agent) => {
    expect(await isNoted(link, agent)).toBe(false);
    expect(await isNoted(download, agent, { accept: "*/*" })).toBe(false);
  });

  test("a phone that asks for the update", async () => {
    const serial = await issue();
    const pass = shop.app.vault.authenticationToken(serial);
    const type = "pass.com.example.passhook";
    const response = await get(`/passkit/v1/passes/${type}/${serial}`, SAFARI_IPHONE, {
      authorization: `ApplePass ${pass}`,
    });
    expect(response.status).toBe(200);
    expect(await fetchedAt(serial)).toBeNull();
  });

  test("one that was answered 304", async () => {
    const serial = await issue();
    const etag = (await get(`/p/${serial}`, "curl/8.9.0", { accept: "*/*" })).headers.get("etag") ?? "";
    expect((await get(`/p/${serial}`, SAFARI_IPHONE, { "if-none-match": etag })).status).toBe(304);
    expect(await fetchedAt(serial)).toBeNull();
  });
});

test("the pass comes at once also while nothing can be stored, and is noted when that is over", async () => {
  const serial = await issue();
  using other = new Database(join(shop.dataDir, "passhook.db"));
  other.run("BEGIN IMMEDIATE");
  const began = performance.now();
  expect((await get(`/p/${serial}`, SAFARI_IPHONE)).status).toBe(200);
  expect(performance.now() - began).toBeLessThan(1_000);
  expect((await shop.app.links.load(serial)).pass.fetchedAt).toBeNull();
  other.run("COMMIT");
  await eventually("the fetch is noted", async () => (await shop.app.links.load(serial)).pass.fetchedAt !== null);
});
