import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PassObject } from "../src/api/pass-object.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";

let shop: TestApp;
let template: string;
let pass: PassObject;

beforeAll(async () => {
  shop = await startTestApp();
  template = await shop.pushGallery("coupon");
  pass = await issue("sarah@example.com");
});
afterAll(() => shop[Symbol.asyncDispose]());

const issue = (email: string, more: Record<string, string> = {}) =>
  shop.issue({
    passTemplate: template,
    pass: { offer: "20 % off", "coupon-code": "AUTUMN20", ...more },
    recipient: { email, name: more["name"] ?? "Sarah" },
  });
const follow = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  shop.request(`/p/${path}`, { method, headers });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const header = (response: Response, name: string) => response.headers.get(name) ?? "";
const HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

describe("the pass itself", () => {
  test("comes with the type that Wallet opens, a name without the secret, and validators", async () => {
    const response = await follow(pass.serialNumber);
    expect(response.status).toBe(200);
    expect(header(response, "content-type")).toBe("application/vnd.apple.pkpass");
    expect(header(response, "content-disposition")).toBe(
      `attachment; filename="pass-${pass.serialNumber.slice(0, 6)}.pkpass"`,
    );
    expect(header(response, "last-modified")).toBe(new Date(shop.clock.now()).toUTCString());
    expect(header(response, "etag")).toMatch(/^"[\w-]{20,}"$/);
    const bytes = await bytesOf(response);
    expect(bytes.subarray(0, 4).toString("latin1")).toBe("PK\x03\x04");
    expect(header(response, "content-length")).toBe(String(bytes.length));
  });

  test.each([
    ["a pass", () => pass.serialNumber, { accept: "*/*" }],
    ["a page", () => pass.serialNumber, { accept: HTML }],
    ["a pass that there is not", () => "0".repeat(26), { accept: "*/*" }],
    ["a page that there is not", () => "0".repeat(26), { accept: HTML }],
  ])("%s is for nobody to keep, to index or to tell of", async (_, name, headers) => {
    const response = await follow(name(), headers);
    expect(header(response, "cache-control")).toBe("private, no-store");
    expect(header(response, "x-robots-tag")).toBe("noindex");
    expect(header(response, "referrer-policy")).toBe("no-referrer");
    expect(header(response, "x-content-type-options")).toBe("nosniff");
    expect(header(response, "content-security-policy")).toContain("default-src 'none'");
    expect(header(response, "strict-transport-security")).toContain("max-age=");
    expect(header(response, "vary").toLowerCase()).toBe("accept, accept-language, user-agent");
  });

  test("HEAD says the same and sends nothing", async () => {
    const { port } = shop.app.http.listen({ hostname: "127.0.0.1", port: 0 }).server ?? {};
    const ask = (method: string) => fetch(`http://127.0.0.1:${port}/p/${pass.serialNumber}`, { method });
    const [head, get] = [await ask("HEAD"), await ask("GET")];
    expect(head.status).toBe(200);
    for (const name of ["content-type", "content-length", "content-disposition", "etag", "last-modified"]) {
      expect([name, header(head, name)]).toEqual([name, header(get, name)]);
    }
    expect((await bytesOf(head)).length).toBe(0);
    expect((await bytesOf(get)).length).toBe(Number(header(get, "content-length")));
  });
});

describe("304", () => {
  const ETAG = "the pass's";
  const LATER = new Date(Date.UTC(2030, 0, 1)).toUTCString();
  const EARLIER = new Date(Date.UTC(2020, 0, 1)).toUTCString();
  const SAME = "the same";
  test.each<[number, Record<string, string>]>([
    [304, { "if-none-match": ETAG }],
    [304, { "if-none-match": `W/${ETAG}` }],
    [304, { "if-none-match": `"other", ${ETAG}` }],
    [304, { "if-none-match": "*" }],
    [200, { "if-none-match": '"other"' }],
    [304, { "if-modified-since": SAME }],
    [304, { "if-modified-since": LATER }],
    [200, { "if-modified-since": EARLIER }],
    [200, { "if-modified-since": "yesterday" }],
    // The entity tag decides where both are given (RFC 9110, section 13.2.2).
    [200, { "if-none-match": '"other"', "if-modified-since": LATER }],
    [304, { "if-none-match": ETAG, "if-modified-since": EARLIER }],
  ])("%d for %j", async (status, given) => {
    const first = await follow(pass.serialNumber);
    const [etag, lastModified] = [header(first, "etag"), header(first, "last-modified")];
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, value.replace(ETAG, etag).replace(SAME, lastModified)]),
    );
    const response = await follow(pass.serialNumber, headers);
    expect(response.status).toBe(status);
    expect([header(response, "etag"), header(response, "last-modified")]).toEqual([etag, lastModified]);
    if (status === 304) expect((await bytesOf(response)).length).toBe(0);
  });
});

describe("who gets the pass, and who a page that leads to it", () => {
  const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0";
  test.each<[string, "pass" | "page", Record<string, string>]>([
    [
      "Safari on an iPhone",
      "pass",
      {
        accept: HTML,
        "user-agent": `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${SAFARI} Mobile/15E148 Safari/604.1`,
      },
    ],
    [
      "Chrome on an iPhone",
      "pass",
      {
        accept: HTML,
        "user-agent":
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/130.0 Mobile/15E148 Safari/604.1",
      },
    ],
    [
      "an iPad that says so",
      "pass",
      {
        accept: HTML,
        "user-agent": `Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) ${SAFARI} Mobile/15E148 Safari/604.1`,
      },
    ],
    [
      "an iPad that says it is a Mac",
      "page",
      { accept: HTML, "user-agent": `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Safari/605.1.15` },
    ],
    ["a Watch", "pass", { accept: HTML, "user-agent": "atc/1.0 watchOS/11.0 model/Watch7,1 hwp/t8310 build/22R349" }],
    [
      "Safari on a Mac",
      "page",
      { accept: HTML, "user-agent": `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI} Safari/605.1.15` },
    ],
    [
      "Chrome on Android",
      "page",
      {
        accept: HTML,
        "user-agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
      },
    ],
    ["curl", "pass", { accept: "*/*", "user-agent": "curl/8.9.0" }],
    ["Wallet", "pass", { "user-agent": "passd/1.0 CFNetwork/1568 Darwin/24.0" }],
    ["somebody who says nothing", "pass", {}],
  ])("%s: %s", async (_, what, headers) => {
    const response = await follow(pass.serialNumber, headers);
    expect(response.status).toBe(200);
    const type = what === "pass" ? "application/vnd.apple.pkpass" : "text/html; charset=utf-8";
    expect(header(response, "content-type")).toBe(type);
    const direct = await follow(`${pass.serialNumber}.pkpass`, headers);
    expect(header(direct, "content-type")).toBe("application/vnd.apple.pkpass");
  });

  test("the page names the pass, leads to it, and contains nothing that a value could run", async () => {
    const sly = await issue("sly@example.com", { offer: '<script>alert("x")</script>' });
    const html = await (await follow(sly.serialNumber, { accept: HTML })).text();
    expect(html).toContain("&lt;script>");
    expect(html).not.toContain("<script");
    expect(html).toContain(`href="${PUBLIC_URL}/p/${sly.serialNumber}.pkpass"`);
    expect(html).toContain("Osier &amp; Pine");
    expect(html).toContain("development certificate");
  });
});

describe("links that lead nowhere", () => {
  const remove = (serial: string) =>
    shop.request(`/v1/passes/${template}/${serial}`, {
      method: "DELETE",
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
    });

  test.each([
    ["is unknown", 404, async () => "0".repeat(26), "NOT_FOUND"],
    ["is none", 404, async () => "%2e%2e%2fpasshook.db", "NOT_FOUND"],
    ["is longer than a serial", 404, async () => `${pass.serialNumber}0`, "NOT_FOUND"],
    ["is written in capitals", 404, async () => pass.serialNumber.toUpperCase(), "NOT_FOUND"],
    [
      "is of a deleted pass",
      410,
      async () => {
        const { serialNumber } = await issue("gone@example.com");
        expect((await remove(serialNumber)).status).toBe(200);
        return serialNumber;
      },
      "GONE",
    ],
  ])("one that %s: %d, as JSON and as a page", async (_, status, nameOf, code) => {
    const name = await nameOf();
    const json = await follow(name);
    expect([json.status, ((await json.json()) as { code: string }).code]).toEqual([status, code]);
    const page = await follow(name, { accept: HTML });
    expect([page.status, header(page, "content-type")]).toEqual([status, "text/html; charset=utf-8"]);
    expect(await page.text()).toMatch(status === 404 ? /was not found/ : /has ended/);
  });

  test("are not given away for ever: thirty guesses, then one every two seconds, by address", async () => {
    const guess = async (address: string, headers = {}) =>
      follow("0".repeat(26), { "x-forwarded-for": address, ...headers });
    for (let i = 0; i < 30; i++) expect((await guess("192.0.2.1")).status).toBe(404);
    const refused = await guess("192.0.2.1");
    expect([refused.status, header(refused, "retry-after")]).toEqual([429, "2"]);
    expect((await guess("192.0.2.1", { accept: HTML })).status).toBe(429);
    expect((await guess("192.0.2.2")).status).toBe(404);
    expect((await follow(pass.serialNumber, { "x-forwarded-for": "192.0.2.1" })).status).toBe(200);
    shop.clock.advance(2_000);
    expect((await guess("192.0.2.1")).status).toBe(404);
    expect((await guess("192.0.2.1")).status).toBe(429);
  });
});
