import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startTestApp } from "./support/app.ts";
import { cli, cliJson, cliWith } from "./support/cli.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface Page {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

const folder = temporaryFolder();
const dataDir = join(folder.path, "data");
const data = ["--data", dataDir];
let serials: string[];

/** Three of everything that can be listed. */
beforeAll(async () => {
  await using shop = await startTestApp({ dataDir });
  const templates = [
    await shop.pushGallery("points-card"),
    await shop.pushGallery("coupon"),
    await shop.pushGallery("points-card"),
  ];
  const issue = (email: string) => shop.issue({ passTemplate: templates[0], pass: {}, recipient: { email } });
  serials = await Promise.all(
    ["a@example.com", "b@example.com", "c@example.com"].map(async (email) => (await issue(email)).serialNumber),
  );
  for (let i = 0; i < 3; i++) await shop.post({ passTemplate: templates[0], pass: { nothing: i } });
  shop.clock.advance(1);
  for (let i = 0; i < 2; i++) await shop.app.accounts.create(`Shop ${i}`);
  for (let i = 0; i < 2; i++) await shop.app.accounts.createKey(shop.accountId, `key ${i}`);
});
afterAll(() => folder[Symbol.dispose]());

describe("lists", () => {
  test.each([
    ["account list", "id", 3],
    ["key list", "id", 3],
    ["template list", "id", 3],
    ["certificate list", "id", 1],
    ["pass list", "serialNumber", 3],
    ["pass rejected", "id", 3],
    ["outbox list", "id", 9],
  ])("%s: {items, next}, page by page", async (line, key, count) => {
    const words = line.split(" ");
    const all = await cliJson<Page>(...words, ...data);
    expect(Object.keys(all)).toEqual(["items", "next"]);
    expect([all.items.length, all.next]).toEqual([count, null]);

    const seen: unknown[] = [];
    for (let after: readonly string[] = []; ; ) {
      const page = await cliJson<Page>(...words, ...data, "--limit", "2", ...after);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((item) => item[key]));
      if (page.next === null) break;
      after = ["--after", page.next];
    }
    expect(seen).toEqual(all.items.map((item) => item[key]));
    expect(new Set(seen).size).toBe(count);

    const text = await cli(...words, ...data, "--limit", "1");
    expect(text.status).toBe(0);
    for (const item of all.items.slice(0, 1)) expect(text.stdout).toContain(String(item[key]));
    if (count > 1 && line !== "pass rejected") expect(text.stdout).toContain("More: --after ");
  });

  test("an empty one says so, or is an empty list", async () => {
    const { id } = await cliJson<{ id: string }>(
      "account",
      "create",
      "--name",
      "Empty",
      "--data",
      join(folder.path, "one"),
    );
    const other = ["--data", join(folder.path, "one"), "--account", id];
    expect(await cliJson<Page>("pass", "list", ...other)).toEqual({ items: [], next: null });
    expect((await cli("pass", "list", ...other)).stdout).toBe("No pass has been issued yet.\n");
  });
});

describe("--json prints exactly one document", () => {
  test.each([
    ["version"],
    ["config"],
    ["migrate"],
    ["klaviyo status"],
    ["account create --name Another"],
    ["account update --external-id leave"],
    ["key create --label one"],
    ["outbox retry --all"],
  ])("%s", async (line) => {
    const { status, stdout } = await cli(...line.split(" "), ...data, "--json");
    expect(status).toBe(0);
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), undefined, 2)}\n`);
    // Wherever it stands.
    expect((await cli("--json", ...line.split(" "), ...data)).stdout).toStartWith("{");
  });

  test("of a pass and its file", async () => {
    const [serial = ""] = serials;
    const shown = await cliJson<{ events: unknown[]; jobs: unknown[] }>("pass", "show", serial, ...data);
    expect(shown).toMatchObject({
      serialNumber: serial,
      recipient: { email: "a@example.com" },
      events: [{ kind: "created" }],
    });
    expect(shown.jobs).toHaveLength(3);
    const file = join(folder.path, "a.pkpass");
    expect(await cliJson("pass", "download", serial, "-o", file, ...data)).toMatchObject({ file });
    expect((await cli("pass", "show", serial, "--account", "aid_0x1", ...data)).status).toBe(1);
  });

  test("of a pass that is issued twice under one key", async () => {
    const { items } = await cliJson<Page>("template", "list", ...data);
    const args = [
      "pass",
      "issue",
      "--template",
      String(items[0]?.["id"]),
      "--email",
      "cli@example.com",
      "--idempotency-key",
      "k",
    ];
    const fields = items[0]?.["name"] === "Coupon" ? ["--field", "offer=10 %", "--field", "coupon-code=A=B"] : [];
    const [first, second] = [
      await cliJson<{ serialNumber: string }>(...args, ...fields, ...data),
      await cliJson(...args, ...fields, ...data),
    ];
    expect(second).toMatchObject({ serialNumber: first.serialNumber });
  });
});

test("config hides secrets and says where each setting comes from", async () => {
  writeFileSync(join(folder.path, "key"), "0".repeat(64));
  const env = { PASSHOOK_MASTER_KEY_FILE: join(folder.path, "key"), PASSHOOK_PUBLIC_URL: "https://passes.example.com" };
  const { stdout } = await cliWith(env, "config", "--json", ...data);
  expect(stdout).not.toContain("0".repeat(64));
  expect((JSON.parse(stdout) as Page).items).toEqual(
    expect.arrayContaining([
      { setting: "PASSHOOK_DATA", value: dataDir, origin: "flag" },
      { setting: "PASSHOOK_MASTER_KEY", value: "(hidden)", origin: "file" },
      { setting: "PASSHOOK_PUBLIC_URL", value: "https://passes.example.com", origin: "environment" },
      { setting: "PASSHOOK_KLAVIYO_URL", value: "https://a.klaviyo.com", origin: "default" },
    ]) as unknown as Page["items"],
  );
});
