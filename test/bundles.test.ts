import { expect, test } from "bun:test";
import { startTestApp } from "./support/app.ts";

const MINUTE = 60_000;

async function shopWithPasses(count: number) {
  const shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const serials: string[] = [];
  for (let i = 0; i < count; i++) {
    const { serialNumber } = await shop.issue({
      passTemplate: template,
      pass: {},
      recipient: { email: `p${i}@example.com` },
    });
    serials.push(serialNumber);
  }
  const bundle = (body: unknown) =>
    shop.request("/v1/bundles", {
      method: "POST",
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body: JSON.stringify(body),
    });
  const follow = (url: string) => shop.request(new URL(url).pathname);
  return { shop, serials, bundle, follow };
}

test("a link to several passes lives for a quarter of an hour", async () => {
  const { shop, serials, bundle, follow } = await shopWithPasses(3);
  await using _ = shop;
  const answer = await bundle({ serials });
  expect(answer.status).toBe(200);
  const { url } = (await answer.json()) as { url: string };
  const file = await follow(url);
  expect(file.headers.get("content-type")).toBe("application/vnd.apple.pkpasses");
  expect(file.headers.get("cache-control")).toBe("private, no-store");
  const text = Buffer.from(await file.bytes()).toString("latin1");
  expect(serials.every((serial) => text.includes(serial))).toBe(true);
  shop.clock.advance(14 * MINUTE);
  expect((await follow(url)).status).toBe(200);
  shop.clock.advance(2 * MINUTE);
  expect((await follow(url)).status).toBe(410);
});

test("a link that was changed, or made up, leads nowhere", async () => {
  const { shop, serials, bundle, follow } = await shopWithPasses(1);
  await using _ = shop;
  const { url } = (await (await bundle({ serials })).json()) as { url: string };
  const token = url.split("/").at(-1) ?? "";
  const changed = `${token.slice(0, -3)}${token.endsWith("AAA") ? "BBB" : "AAA"}`;
  for (const name of [changed, token.slice(0, 20), "v1.", "x", "%00"]) {
    expect((await shop.request(`/p/bundles/${name}`)).status).toBe(404);
  }
  expect((await follow(url)).status).toBe(200);
});

test("eleven passes, none, one twice, and another account's are refused", async () => {
  const { shop, serials, bundle } = await shopWithPasses(11);
  await using _ = shop;
  const [first = ""] = serials;
  const statuses = [];
  for (const given of [serials, [], [first, first], ["0".repeat(26)], "x", [1]]) {
    statuses.push((await bundle({ serials: given })).status);
  }
  expect(statuses).toEqual([400, 400, 400, 404, 400, 400]);
  expect((await bundle({ serials: serials.slice(0, 10) })).status).toBe(200);
});
