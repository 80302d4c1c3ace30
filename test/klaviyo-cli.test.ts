import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnectionStore } from "../src/klaviyo/connection-store.ts";
import type { KlaviyoStatus } from "../src/klaviyo/status.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { type CliRun, cliWith } from "./support/cli.ts";
import { startConnectedShop } from "./support/connected-shop.ts";
import { type FakeKlaviyo, startFakeKlaviyo } from "./support/klaviyo/fake-klaviyo.ts";

/** `passhook klaviyo …` on the data of a test app. */
const klaviyoCli =
  (shop: TestApp, klaviyo?: FakeKlaviyo) =>
  (...argv: readonly string[]): Promise<CliRun> =>
    cliWith(
      { PASSHOOK_DATA: shop.dataDir, PASSHOOK_KLAVIYO_URL: klaviyo?.url ?? "http://127.0.0.1:9" },
      ...["klaviyo", ...argv],
    );

function keyFile({ dataDir }: TestApp, apiKey: string): string {
  const path = join(dataDir, "key.txt");
  writeFileSync(path, `${apiKey}\n`);
  return path;
}

test("connect says whose key it is, what it lacks, and what to do about passes of the sandbox", async () => {
  await using klaviyo = await startFakeKlaviyo();
  await using shop = await startTestApp();
  const cli = klaviyoCli(shop, klaviyo);
  klaviyo.denyScope("/api/events", "POST");
  const { status, stdout } = await cli("connect", "--key-file", keyFile(shop, klaviyo.apiKey), "--share", "40");
  expect(status).toBe(0);
  expect(stdout).toContain("connected to         Example Org\n");
  expect(stdout).toContain("share of the limits  40 %");
  expect(stdout).toMatch(
    /Scopes that the key lacks:\n {2}events:write {2}events such as Pass Installed, .*\(required\)\n/,
  );
  expect(stdout).toContain("To send them: passhook klaviyo resync");
  expect(klaviyo.profiles.size).toBe(0);
});

test("connect takes a share from 1 to 100 only, and its help lists the scopes", async () => {
  await using shop = await startTestApp();
  const cli = klaviyoCli(shop);
  for (const share of ["0", "101", "7.5", "much"]) {
    expect((await cli("connect", "--key-file", "x", "--share", share)).status).toBe(2);
  }
  const { stdout } = await cli("connect", "--help");
  for (const scope of ["profiles:write", "events:write", "custom-objects:write"]) expect(stdout).toContain(scope);
});

test("status of a sandbox shows what Klaviyo would have refused", async () => {
  await using shop = await startTestApp();
  shop.app.worker.start();
  const passTemplate = await shop.pushGallery("points-card");
  await shop.issue({ passTemplate, pass: {}, recipient: { email: "sarah@example.com" } });
  await shop.app.worker.idle();
  const { stdout } = await klaviyoCli(shop)("status");
  expect(stdout).toContain("sandbox: requests are recorded, nothing is sent");
  expect(stdout).toContain("not set up (passhook klaviyo setup)");
  expect(stdout).toContain("POST /api/profile-import");
  expect(stdout).not.toContain("would refuse");

  await shop.app.db.transaction(({ query }) =>
    createConnectionStore(shop.app.db, shop.app.vault).recordSandboxRequest(
      query,
      shop.accountId,
      { method: "POST", path: "/api/profile-import", body: { data: { type: "profile", attributes: { email: "no" } } } },
      shop.clock.now(),
    ),
  );
  expect((await klaviyoCli(shop)("status")).stdout).toContain(
    "Klaviyo would refuse it: data.attributes.email: is not an email address",
  );
});

test("status of a live connection: key, scopes, what waits and what failed", async () => {
  await using here = await startConnectedShop();
  const { shop, klaviyo } = here;
  const cli = klaviyoCli(shop, klaviyo);
  const [first, second] = [await here.issue({ email: "a@example.com" }), await here.issue({ email: "b@example.com" })];
  klaviyo.failNext({ status: 400 }, { path: "/api/events" });
  await here.issue({ email: "a@example.com" }, "80");
  klaviyo.failNext({ status: 429, retryAfterSeconds: 3_600 });
  await here.issue({ email: "b@example.com" }, "80");
  here.shop.clock.advance(60_000);
  klaviyo.denyScope("/api/profile-bulk-import-jobs");

  const status = JSON.parse((await cli("status", "--json")).stdout) as KlaviyoStatus;
  expect(status).toMatchObject({
    accountId: shop.accountId,
    mode: "live",
    organizationName: "Example Org",
    sharePercent: 70,
    key: { state: "valid", klaviyoAccountId: "AbCd12" },
    objects: { state: "none" },
    resyncs: [],
    sandboxRequests: [],
    dead: [{ kind: "klaviyo.event", serial: first.serialNumber, error: expect.stringContaining("400") as unknown }],
  });
  expect(status.backlog).toContainEqual({ kind: "klaviyo.event", state: "dead", jobs: 1 });
  expect(status.backlog).toContainEqual({ kind: "klaviyo.profile", state: "ready", jobs: 1 });
  expect(status.backlog).toContainEqual({ kind: "klaviyo.event", state: "waiting", jobs: 1 });
  expect(status.oldestWaitingSince).toBe(new Date(shop.clock.now() - 60_000).toISOString());
  expect(status.limits).toContainEqual({
    family: "profile",
    published: { perSecond: 75, perMinute: 750 },
    ours: { perSecond: 52, perMinute: 525 },
  });
  expect(status.lanes.map(({ kind }) => kind)).toEqual(["klaviyo.event", "klaviyo.profile"]);

  const { stdout } = await cli("status");
  expect(stdout).toMatch(/^key +valid$/m);
  expect(stdout).toMatch(/^ {2}klaviyo\.profile: 1 ready$/m);
  expect(stdout).toContain(`klaviyo.event of ${first.serialNumber}: Klaviyo answered 400`);
  expect(stdout).not.toContain(second.serialNumber);
});

test("status says that the key was refused, and asks no more of Klaviyo", async () => {
  await using here = await startConnectedShop();
  here.klaviyo.revokeKey();
  const before = here.klaviyo.requests.length;
  const { status, stdout } = await klaviyoCli(here.shop, here.klaviyo)("status");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^key +refused: Klaviyo answered 401/m);
  expect(here.klaviyo.requests).toHaveLength(before + 1);
});

test("disconnect and resync", async () => {
  await using here = await startConnectedShop();
  const { shop, klaviyo, template } = here;
  const cli = klaviyoCli(shop, klaviyo);
  await here.issue({ email: "a@example.com" });
  expect((await cli("disconnect")).stdout).toContain("Jobs wait, none is lost");
  expect((await cli("status")).stdout).toContain("disconnected: there is no key, jobs wait");
  expect((await cli("resync", "--since", "2026-11-01")).stdout).toStartWith("1 pass is sent again");
  expect((await cli("resync", "--template", template, "--json")).stdout).toContain('"passes": 1');
  expect(await cli("resync", "--template", "ptk_0x404")).toMatchObject({ status: 1 });
  expect(await cli("resync", "--since", "yesterday")).toMatchObject({ status: 2 });
  expect((await cli("status")).stdout).toContain(`0 of 1 passes are queued, template ${template}`);
});

test("snippet is text in the order of Klaviyo's form, or JSON", async () => {
  await using shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  const cli = klaviyoCli(shop);
  const { stdout } = await cli("snippet", "--template", template);
  const places = ["1. Destination URL", "2. Headers", "3. JSON body", "4. Look these over", "The link for emails"];
  const found = places.map((place) => stdout.indexOf(place));
  expect(found).toEqual(found.toSorted((a, b) => a - b));
  expect(found[0]).toBeGreaterThan(0);
  expect(JSON.parse((await cli("snippet", "--template", template, "--action", "void", "--json")).stdout)).toMatchObject(
    {
      action: "void",
      template: { id: template },
    },
  );
  expect(await cli("snippet", "--template", template, "--action", "melt")).toMatchObject({ status: 2 });
});
