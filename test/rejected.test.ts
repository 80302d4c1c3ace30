import { describe, expect, test } from "bun:test";
import { AppError } from "../src/errors.ts";
import type { Refusal, RejectedRequest } from "../src/passes/rejected-store.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cli } from "./support/cli.ts";
import { cardWith } from "./support/template.ts";

const DAY = 24 * 3_600_000;
const KEY = `phk_abcd1234_${"S".repeat(32)}`;

const card = (shop: TestApp) =>
  shop.pushTemplate({ definition: cardWith({ "member-name": { type: "text" }, points: { type: "number" } }) });
const list = async (shop: TestApp) => (await shop.app.rejected.list(shop.accountId, { limit: 1_000 })).items;

async function listed(shop: TestApp, ...options: string[]): Promise<{ items: RejectedRequest[]; next: string | null }> {
  const { status, stdout } = await cli("pass", "rejected", "--json", "--data", shop.dataDir, ...options);
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

test("what was refused can be listed, newest first and page by page, while the server runs", async () => {
  await using shop = await startTestApp();
  const template = await card(shop);
  for (const points of ["one", "two", "three"]) await shop.post({ passTemplate: template, pass: { points } });

  const first = await listed(shop, "--limit", "2");
  expect(first.items.map(({ body }) => JSON.parse(body).pass.points)).toEqual(["three", "two"]);
  expect(first.items[0]).toMatchObject({
    at: new Date(shop.clock.now()).toISOString(),
    route: "POST /v1/passes",
    status: 400,
    flowId: null,
    details: [{ path: "pass.points", message: expect.stringContaining('not "three"') }],
  } as object);
  const second = await listed(shop, "--limit", "2", "--after", first.next ?? "");
  expect(second.items.map(({ body }) => JSON.parse(body).pass.points)).toEqual(["one"]);
  expect(second.next).toBeNull();

  const { stdout } = await cli("pass", "rejected", "--data", shop.dataDir);
  expect(stdout).toContain('pass.points must be a number such as "70"');
});

test("an account sees its own and those of nobody, for a wrong key may be a customer's", async () => {
  await using shop = await startTestApp();
  const template = await card(shop);
  const other = await shop.app.accounts.create("Another shop");
  await shop.post({ passTemplate: template, pass: { points: "mine" } });
  await shop.post({ passTemplate: template, pass: { points: "whose" } }, { "x-api-key": "wrong" });
  const bodies = (items: readonly RejectedRequest[]) => items.map(({ body }) => JSON.parse(body).pass.points);
  expect(bodies(await list(shop))).toEqual(["whose", "mine"]);
  expect(bodies((await shop.app.rejected.list(other.id, { limit: 9 })).items)).toEqual(["whose"]);
});

describe("secrets are masked", () => {
  const SECRETS = [
    KEY,
    "pk_0123456789abcdef0123456789abcdef01",
    "Bearer abcdef0123456789",
    "Klaviyo-API-Key pk_live_1",
    "ApplePass xyz",
  ];

  test("in the body, in the error and in its details", async () => {
    await using shop = await startTestApp();
    const template = await card(shop);
    for (const secret of SECRETS) {
      await shop.post({ passTemplate: template, pass: { "member-name": secret, points: secret } });
      const kept = JSON.stringify((await list(shop))[0]);
      expect(kept).not.toContain(secret.split(" ").at(-1));
      // The rest must stay readable: somebody has to mend and send it again.
      expect(JSON.parse((await list(shop))[0]?.body ?? "")).toMatchObject({ passTemplate: template });
      expect((await list(shop))[0]?.details[0]?.path).toBe("pass.points");
    }
    expect(JSON.stringify(await list(shop))).toContain("phk_abcd1234_…");
  });

  test("also where a quote follows, which the list must survive", async () => {
    await using shop = await startTestApp();
    const template = await card(shop);
    await shop.post({ passTemplate: template, pass: { points: 'Bearer "of" good news' } });
    const [kept] = (await listed(shop)).items;
    const message = expect.stringContaining("must be a number") as unknown as string;
    expect(kept?.details).toEqual([{ path: "pass.points", message }]);
    expect(JSON.parse(kept?.body ?? "")).toMatchObject({ pass: { points: 'Bearer "of" good news' } });
  });

  test("what is not secret stays: emails and names are needed to send it again", async () => {
    await using shop = await startTestApp();
    const body = { passTemplate: await card(shop), pass: { points: "x" }, recipient: { email: "sarah@example.com" } };
    await shop.post(body);
    expect((await list(shop))[0]?.body).toBe(JSON.stringify(body));
  });
});

describe("there is a limit", () => {
  const refusal = (accountId: string | null, body: string): Refusal => ({
    accountId,
    route: "POST /v1/passes",
    path: "/v1/passes",
    flowId: null,
    idempotencyKey: null,
    status: 400,
    error: new AppError("invalid", "refused"),
    body,
    isWhole: true,
  });

  test("in number: the newest thousand of an account, and strangers cannot push them out", async () => {
    await using shop = await startTestApp();
    const { rejected } = shop.app;
    const keep = (accountId: string | null, count: number, prefix: string) =>
      Promise.all(Array.from({ length: count }, (_, i) => rejected.keep(refusal(accountId, `${prefix}${i}`))));
    const other = await shop.app.accounts.create("Another shop");
    await keep(shop.accountId, 1_005, "mine ");
    await keep(null, 250, "stranger ");
    await keep(other.id, 5, "other ");

    const all: RejectedRequest[] = [];
    for (let after: string | undefined; ; ) {
      const page = await rejected.list(shop.accountId, { limit: 1_000, after });
      all.push(...page.items);
      if (page.next === null) break;
      after = page.next;
    }
    const bodies = all.map(({ body }) => body);
    const mine = bodies.filter((body) => body.startsWith("mine"));
    expect([mine.length, mine[0], mine.at(-1)]).toEqual([1_000, "mine 1004", "mine 5"]);
    const strangers = bodies.filter((body) => body.startsWith("stranger"));
    expect([strangers.length, strangers[0], strangers.at(-1)]).toEqual([100, "stranger 249", "stranger 150"]);
    expect(bodies).toHaveLength(1_100);
  });

  test("in age: thirty days", async () => {
    await using shop = await startTestApp();
    const { rejected } = shop.app;
    await rejected.keep(refusal(shop.accountId, "old"));
    shop.clock.advance(DAY);
    await rejected.keep(refusal(shop.accountId, "newer"));
    shop.clock.advance(29 * DAY);
    await rejected.forgetOld();
    expect((await list(shop)).map(({ body }) => body)).toEqual(["newer", "old"]);
    shop.clock.advance(1);
    await rejected.forgetOld();
    expect((await list(shop)).map(({ body }) => body)).toEqual(["newer"]);
  });
});

test("what will pass by itself is not kept: Klaviyo sends it again", async () => {
  await using shop = await startTestApp();
  const template = await card(shop);
  await shop.app[Symbol.asyncDispose]();
  expect((await shop.post({ passTemplate: template, pass: {} })).status).toBe(503);
  await using again = await startTestApp({ dataDir: shop.dataDir });
  expect(await list(again)).toEqual([]);
});
