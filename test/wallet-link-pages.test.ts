import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import type { PassObject } from "../src/api/pass-object.ts";
import { AppError } from "../src/errors.ts";
import { LANDING_TEXTS } from "../src/web/landing/texts/index.ts";
import { PUBLIC_URL, startTestApp, type TestApp } from "./support/app.ts";
import { activeParts, elementsOf } from "./support/html.ts";
import { cardWith } from "./support/template.ts";
import {
  CHROME_ANDROID,
  CHROME_WINDOWS,
  IN_APP,
  PROGRAMS,
  ROBOTS,
  SAFARI_IPHONE,
  SAFARI_MAC,
  TAKERS,
} from "./support/user-agents.ts";

const HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const PKPASS = "application/vnd.apple.pkpass";

let shop: TestApp;
let coupons: string;
let pass: PassObject;

beforeAll(async () => {
  shop = await startTestApp();
  coupons = await shop.pushGallery("coupon");
  pass = await issueCoupon("sarah@example.com");
});
afterAll(() => shop[Symbol.asyncDispose]());

const issueCoupon = (email: string, fields: Record<string, string> = {}, name = "Sarah Miller") =>
  shop.issue({
    passTemplate: coupons,
    pass: { offer: "20 % off", "coupon-code": "AUTUMN20", ...fields },
    recipient: { email, name },
  });
const open = (path: string, agent: string, headers: Record<string, string> = {}) =>
  shop.request(`/p/${path}`, { headers: { accept: HTML, "user-agent": agent, ...headers } });
const pageOf = async (path: string, agent: string, headers: Record<string, string> = {}) =>
  (await open(path, agent, headers)).text();

describe("who gets what", () => {
  test.each(TAKERS)("the pass: %s", async (agent) => {
    expect((await open(pass.serialNumber, agent)).headers.get("content-type")).toBe(PKPASS);
  });

  test.each(PROGRAMS)("the pass, whatever it asks for but a page: %p", async (agent) => {
    const response = await open(pass.serialNumber, agent, { accept: "*/*" });
    expect(response.headers.get("content-type")).toBe(PKPASS);
  });

  test.each(IN_APP)("the way to Safari: %s", async (agent, app) => {
    const html = await pageOf(pass.serialNumber, agent);
    expect(html).toContain("Open this page in Safari");
    if (app === undefined) {
      // It may be able to after all.
      expect(html).toContain(`href="${PUBLIC_URL}/p/${pass.serialNumber}.pkpass"`);
    } else {
      expect(html).toContain(`${app} cannot add passes`);
      expect(html).not.toContain(".pkpass");
    }
    expect((await open(`${pass.serialNumber}.pkpass`, agent)).headers.get("content-type")).toBe(PKPASS);
  });

  test.each([SAFARI_MAC, CHROME_WINDOWS])(
    "the pass to look at, a button and a code for the phone: %s",
    async (agent) => {
      const html = await pageOf(pass.serialNumber, agent);
      expect(html).toContain(`href="${PUBLIC_URL}/p/${pass.serialNumber}.pkpass"`);
      expect(html).toContain("Add to Apple Wallet");
      expect(html).toContain("QR code that leads to this page");
      for (const text of ["20 % off", "Sarah Miller", "AUTUMN20"]) expect(html).toContain(`>${text}<`);
    },
  );

  test("Android: the pass, its code in large, and no button that leads nowhere", async () => {
    const html = await pageOf(pass.serialNumber, CHROME_ANDROID);
    expect(html).toContain('href="#code"');
    expect(html).toContain('id="code"');
    expect(html).not.toContain("Add to Apple Wallet");
    expect(html).not.toContain(".pkpass");
  });

  test.each(ROBOTS)("whose pass it is, and nothing of the customer: %s", async (agent) => {
    for (const accept of [HTML, "*/*"]) {
      const html = await pageOf(pass.serialNumber, agent, { accept });
      expect(html).toContain('<meta property="og:title" content="A pass from Osier &amp; Pine"/>');
      expect(html).toContain(`<meta property="og:image" content="${PUBLIC_URL}/p/${pass.serialNumber}/images/`);
      expect(html).not.toMatch(/Sarah|20 % off|AUTUMN20/);
    }
  });
});

describe("languages", () => {
  test.each(LANDING_TEXTS.map((texts) => [texts.language, texts] as const))("%s", async (language, texts) => {
    const ask = (path: string, agent = SAFARI_MAC) =>
      pageOf(path, agent, { "accept-language": `nl, ${language};q=0.8, xx;q=0.5` });
    const page = await ask(pass.serialNumber);
    expect(page).toContain(`<html lang="${language}">`);
    expect(page).toContain(texts.addToAppleWallet);
    expect(page).toContain(texts.heading.coupon);
    expect(await ask(pass.serialNumber, CHROME_ANDROID)).toContain(texts.android.enlarge);
    expect(await ask("0".repeat(26))).toContain(texts.notices.notFound.title);
  });

  test("dates are written as the first language does, the pass in the best of its own", async () => {
    const template = await shop.pushTemplate({
      locales: new Map([
        ["fr", { Points: "Points de fidélité" }],
        ["nl", { Points: "Spaarpunten" }],
      ]),
    });
    const card = await shop.issue({ passTemplate: template, pass: {}, recipient: { email: "nl@example.com" } });
    const inDutch = await pageOf(card.serialNumber, SAFARI_MAC, { "accept-language": "nl-BE,fr;q=0.5" });
    expect(inDutch).toContain(">Spaarpunten<");
    expect(inDutch).toMatch(/<article class="pass"[^>]* lang="nl"/);
    expect(inDutch).toContain('<html lang="fr">');
    const date = new Intl.DateTimeFormat("nl-BE", { dateStyle: "medium", timeZone: "UTC" }).format(shop.clock.now());
    expect(inDutch).toContain(`>${date}<`);
    const inGerman = await pageOf(card.serialNumber, SAFARI_MAC, { "accept-language": "de" });
    expect(inGerman).toContain(">Points<");
  });
});

describe("a page", () => {
  test("shows its own styles and its own images, and nothing else can come in", async () => {
    for (const agent of [SAFARI_MAC, CHROME_ANDROID, IN_APP[0]?.[0] ?? "", ROBOTS[0] ?? ""]) {
      const response = await open(pass.serialNumber, agent);
      const html = await response.text();
      const policy = response.headers.get("content-security-policy") ?? "";
      const hashes = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(
        ([, style = ""]) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`,
      );
      expect(hashes).toHaveLength(2);
      expect(policy).toBe(
        `default-src 'none'; style-src ${hashes.join(" ")}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      const elements = await elementsOf(html);
      expect(activeParts(elements)).toEqual([]);
      const fetched = elements.flatMap(({ tag, attributes: { src, srcset, href, rel } }) => [
        ...(src === undefined ? [] : [src]),
        ...(srcset ?? "").split(", ").filter(Boolean),
        ...(tag === "link" ? [`${rel} ${href}`] : []),
      ]);
      const path = `/p/${pass.serialNumber}/images/1/`;
      for (const address of fetched) expect(address.replace(/^(icon|apple-touch-icon) /, "")).toStartWith(path);
      expect(html).not.toMatch(/@import|url\(/);
    }
  });

  test("is small", async () => {
    for (const agent of [SAFARI_MAC, CHROME_ANDROID]) {
      expect(Buffer.byteLength(await pageOf(pass.serialNumber, agent))).toBeLessThan(40_000);
    }
  });

  test("has only images that are there; they are as private as the link, and kept for good", async () => {
    const elements = await elementsOf(await pageOf(pass.serialNumber, SAFARI_MAC));
    const images = elements.filter(({ tag }) => tag === "img").map(({ attributes }) => attributes["src"] ?? "");
    expect(images.length).toBeGreaterThanOrEqual(3);
    for (const src of images) {
      const image = await shop.request(src);
      expect([image.status, image.headers.get("content-type")]).toEqual([200, "image/png"]);
      expect(image.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
      expect((await image.bytes()).subarray(1, 4)).toEqual(new TextEncoder().encode("PNG"));
    }
    for (const path of [
      `${pass.serialNumber}/images/1/secret.png`,
      `${pass.serialNumber}/images/1/..%2f..%2fpassword`,
      `${"0".repeat(26)}/images/1/icon.png`,
    ]) {
      expect((await shop.request(`/p/${path}`)).status).toBe(404);
    }
  });

  test("has no title that tells of the customer, also where the brand comes from a value", async () => {
    const template = await shop.pushTemplate({
      definition: cardWith(
        { shop: { type: "text" } },
        {
          pass: {
            organizationName: "{{shop}}",
            description: "Card of {{shop}}",
            generic: { primaryFields: [{ key: "a", value: "{{shop}}" }] },
          },
        },
      ),
    });
    const { serialNumber } = await shop.issue({ passTemplate: template, pass: { shop: "Sarah's own" }, recipient: {} });
    for (const agent of [SAFARI_MAC, ROBOTS[0] ?? ""]) {
      expect(/<title>(.*)<\/title>/.exec(await pageOf(serialNumber, agent))?.[1]).toContain("Test shop");
    }
  });
});

test("a stored text is text: on the pass, on the page, in its title and in link previews", async () => {
  const sly = `</script></style></title><svg onload="alert(1)"><a href="javascript:alert(1)">'"&`;
  const field = (key: string) => ({ key, label: sly, value: "{{sly}}" });
  const template = await shop.pushTemplate({
    definition: {
      ...cardWith({ sly: { type: "text" } }),
      pass: {
        organizationName: sly,
        description: sly,
        logoText: "{{sly}}",
        barcodes: [{ format: "PKBarcodeFormatQR", message: "{{sly}}", messageEncoding: "utf-8", altText: "{{sly}}" }],
        generic: {
          headerFields: [field("h")],
          primaryFields: [field("p")],
          secondaryFields: [field("s")],
          auxiliaryFields: [field("a")],
          backFields: [
            field("b"),
            { ...field("m"), attributedValue: "{{sly}} <a href='https://x.example/{{sly}}'>{{sly}}</a>" },
          ],
        },
      },
    },
  });
  const { serialNumber } = await shop.issue({
    passTemplate: template,
    pass: { sly },
    recipient: { email: "sly@example.com", name: sly },
  });
  for (const agent of [SAFARI_MAC, CHROME_ANDROID, IN_APP[0]?.[0] ?? "", ROBOTS[0] ?? ""]) {
    const elements = await elementsOf(await pageOf(serialNumber, agent, { "accept-language": sly }));
    expect(activeParts(elements)).toEqual([]);
    expect(elements.filter(({ tag }) => ["title", "style"].includes(tag)).map(({ tag }) => tag)).toEqual([
      "title",
      "style",
      "style",
    ]);
  }
});

describe("passes of no more use", () => {
  test("a voided one is shown as void, on an iPhone too, without a button; its package is still there", async () => {
    const { serialNumber } = await issueCoupon("void@example.com");
    await shop.app.updater.setVoided({ accountId: shop.accountId, serial: serialNumber }, true);
    for (const agent of [SAFARI_IPHONE, SAFARI_MAC, CHROME_ANDROID, IN_APP[0]?.[0] ?? ""]) {
      const response = await open(serialNumber, agent);
      const html = await response.text();
      expect([response.status, html]).toEqual([200, expect.stringContaining("This pass is no longer valid")]);
      expect(html).toContain('<p class="pass-ended">Void</p>');
      expect(html).not.toMatch(/\.pkpass|id="code"|in Safari/);
    }
    expect((await open(`${serialNumber}.pkpass`, SAFARI_IPHONE)).headers.get("content-type")).toBe(PKPASS);
    expect((await open(serialNumber, "passd/1.0", { accept: "*/*" })).headers.get("content-type")).toBe(PKPASS);
  });

  test("an expired one says so", async () => {
    const { serialNumber } = await issueCoupon("late@example.com", { "valid-until": "2026-12-24" });
    expect((await open(serialNumber, SAFARI_IPHONE)).headers.get("content-type")).toBe(PKPASS);
    shop.clock.advance(Date.parse("2026-12-26T00:00Z") - shop.clock.now());
    const html = await pageOf(serialNumber, SAFARI_IPHONE, { "accept-language": "fr" });
    expect(html).toContain("Date dépassée");
    expect(html).toContain('<p class="pass-ended">Expiré</p>');
  });

  test("a deleted one, an unknown one and a bundle that is over are pages for people, JSON for programs", async () => {
    const { serialNumber } = await issueCoupon("gone@example.com");
    const headers = { "x-api-key": shop.apiKey, "x-account-id": shop.accountId };
    const bundle = await shop.request("/v1/bundles", {
      method: "POST",
      headers,
      body: JSON.stringify({ serials: [serialNumber] }),
    });
    const { url } = (await bundle.json()) as { url: string };
    await shop.request(`/v1/passes/${coupons}/${serialNumber}`, { method: "DELETE", headers });
    shop.clock.advance(16 * 60_000);
    for (const [path, status, title] of [
      [serialNumber, 410, "This pass has ended"],
      [`${serialNumber}.pkpass`, 410, "This pass has ended"],
      ["0".repeat(26), 404, "This pass was not found"],
      [new URL(url).pathname.slice("/p/".length), 410, "This link is no longer valid"],
      ["bundles/nothing", 404, "These passes were not found"],
    ] as const) {
      const page = await open(path, SAFARI_IPHONE);
      expect([page.status, await page.text()]).toEqual([status, expect.stringContaining(title)]);
      expect(page.headers.get("cache-control")).toBe("private, no-store");
      const json = await open(path, "curl/8.9.0", { accept: "*/*" });
      expect([json.status, json.headers.get("content-type")]).toEqual([status, "application/json; charset=utf-8"]);
    }
  });
});

describe("trouble that passes", () => {
  test("too many guesses: a page that asks for patience, and says when", async () => {
    const guess = () => open("1".repeat(26), SAFARI_MAC, { "x-forwarded-for": "192.0.2.7", "accept-language": "de" });
    for (let i = 0; i < 30; i++) expect((await guess()).status).toBe(404);
    const refused = await guess();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "2"]);
    expect(await refused.text()).toContain("Einen Moment bitte");
  });

  test.each([
    [503, new AppError("unavailable", "No certificate can sign it."), "まもなく再開します"],
    [500, new Error("the secret of the house"), "問題が発生しました"],
  ])("%d: a page for people, without what went wrong inside", async (status, error, title) => {
    const { links } = shop.app;
    const { follow } = links;
    links.follow = () => Promise.reject(error);
    try {
      const page = await open(pass.serialNumber, SAFARI_IPHONE, { "accept-language": "ja" });
      expect([page.status, page.headers.has("retry-after")]).toEqual([status, status === 503]);
      const html = await page.text();
      expect(html).toContain(title);
      expect(html).not.toContain(error.message);
      const json = await open(pass.serialNumber, "curl/8.9.0", { accept: "*/*" });
      expect([json.status, json.headers.get("content-type")]).toEqual([status, "application/json; charset=utf-8"]);
    } finally {
      links.follow = follow;
    }
  });
});
