import { expect, test } from "bun:test";
import { startTestApp } from "./support/app.ts";
import { expectTold } from "./support/expect-told.ts";
import { type KlaviyoShop, startKlaviyoShop } from "./support/klaviyo-shop.ts";

/* More passes than can be told singly within a minute are told through Klaviyo's bulk operations. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const BULK = ["bulk_import_profiles", "bulk_create_events", "bulk_create_data_source_records"] as const;
const counts = ({ klaviyo }: KlaviyoShop) => BULK.map((operation) => klaviyo.answers.count({ operation }));
/** The operations that told of a pass, in the order in which Klaviyo took them. */
const stepsOf = ({ klaviyo }: KlaviyoShop, serial: string): (string | undefined)[] =>
  klaviyo.requests
    .filter(({ method, body }) => method === "POST" && JSON.stringify(body).includes(serial))
    .map(({ operation }) => operation);

const STEP: Readonly<Record<string, number>> = {
  create_or_update_profile: 1,
  bulk_import_profiles: 1,
  create_event: 2,
  bulk_create_events: 2,
  create_data_source_record: 3,
  bulk_create_data_source_records: 3,
};

test("all passes of a backlog arrive, of each first the profile, then the event, then the record", async () => {
  await using here = await startKlaviyoShop({ sharePercent: 1 });
  const serials = await here.issueMany(60);
  here.work();
  await expectTold(here, 10 * MINUTE);
  expect(counts(here).every((count) => count > 0)).toBe(true);
  for (const serial of serials) {
    expect(stepsOf(here, serial).map((operation) => STEP[operation ?? ""])).toEqual([1, 2, 3]);
  }
  const throttled = here.klaviyo.requests.filter(({ status }) => status === 429);
  expect(throttled.filter(({ method }) => method === "POST")).toEqual([]);
});

test("a person with two passes is one profile of an import, with what is true of the newer one", async () => {
  await using here = await startKlaviyoShop({ sharePercent: 1 });
  const coupon = await here.current.pushGallery("coupon");
  const serials: string[] = [];
  for (let person = 0; person < 20; person++) {
    const email = `both-${person}@example.com`;
    serials.push(await here.issue({ email }));
    serials.push(await here.issue({ email }, coupon, { offer: "10 %", "coupon-code": "A" }));
  }
  here.work();
  await expectTold(here, 10 * MINUTE);
  const imports = here.klaviyo.requests.filter(({ operation }) => operation === "bulk_import_profiles");
  expect([...here.klaviyo.importJobs.values()].map(({ failedCount }) => failedCount)).toEqual(imports.map(() => 0));
  // One for each person, whatever went singly before.
  const told = [...here.klaviyo.importJobs.values()].reduce((sum, { totalCount }) => sum + totalCount, 0);
  expect(told).toBeGreaterThan(10);
  expect(told).toBeLessThanOrEqual(20);
});

test("a change during a backlog does not wait for it", async () => {
  await using here = await startKlaviyoShop({ sharePercent: 20 });
  await here.issueMany(400);
  here.work();
  const waits: number[] = [];
  let duringBacklog = 0;
  for (let fresh = 0; fresh < 5; fresh++) {
    await here.pass(SECOND, 100);
    const serial = await here.issue({ email: `fresh-${fresh}@example.com` });
    waits.push(await here.until("it is told", async () => (await here.jobs(serial)).length === 0, MINUTE));
    if ((await here.jobs()).length > 100) duringBacklog++;
  }
  expect(duringBacklog).toBeGreaterThanOrEqual(2);
  expect(Math.max(...waits)).toBeLessThanOrEqual(5 * SECOND);
});

test("what does not fit into one request goes in the next", async () => {
  await using here = await startKlaviyoShop({ sharePercent: 1 });
  // An event has the names of the fields that changed, here 54 KB of them: 90 events fit.
  const names = Array.from({ length: 820 }, (_, i) => `${i}`.padStart(64, "x"));
  const { definition } = await here.current.app.templates.current(here.current.accountId, here.template);
  const fields = Object.fromEntries(names.map((name) => [name, { type: "text", label: "A" }] as const));
  const long = await here.current.pushTemplate({
    definition: { ...definition, fields: { ...definition.fields, ...fields } },
  });
  const given = Object.fromEntries(names.map((name) => [name, "1"]));
  for (let person = 0; person < 100; person++) await here.issue({ email: `${person}@example.com` }, long, given);
  here.work();
  await expectTold(here, 10 * MINUTE);
  expect(here.klaviyo.answers.count({ status: 413 })).toBe(0);
  const [first] = here.klaviyo.requests.filter(({ operation }) => operation === "bulk_create_events");
  const size = JSON.stringify(first?.body).length;
  expect(size).toBeGreaterThan(4_800_000);
  expect(size).toBeLessThanOrEqual(5_000_000);
});

test("accounts share nothing: neither a backlog nor a wait that Klaviyo asks for holds up another", async () => {
  await using here = await startKlaviyoShop({ sharePercent: 1, enforceRateLimits: false });
  const { app, accountId, issue } = here.current;
  const other = await app.accounts.create("Another shop");
  const { apiKey } = await app.accounts.createKey(other.id, "test");
  here.klaviyo.acceptKey("pk_of_another_shop");
  await app.connections.connect(other.id, "pk_of_another_shop", 1);
  const { definition, images } = await app.templates.current(accountId, here.template);
  const { id } = await app.templates.push(other.id, { definition, images });
  const tell = async (email: string) => {
    const headers = { "x-api-key": apiKey, "x-account-id": other.id };
    const { serialNumber } = await issue({ passTemplate: id, pass: {}, recipient: { email } }, headers);
    await here.pass(0);
    expect(
      here.klaviyo.events.filter(({ event_properties }) => event_properties["serial"] === serialNumber),
    ).toHaveLength(1);
  };

  await here.issueMany(100);
  here.work();
  await here.pass(5 * SECOND);
  expect((await here.jobs()).length).toBeGreaterThan(100);
  await tell("first@example.com");

  here.klaviyo.failNext({ status: 429, retryAfterSeconds: 60 });
  await here.until(
    "the first account was asked to wait",
    () => here.klaviyo.answers.count({ status: 429 }) > 0,
    MINUTE,
  );
  await tell("second@example.com");
});

test("a sandbox is not paced", async () => {
  await using shop = await startTestApp();
  const template = await shop.pushGallery("points-card");
  for (let person = 0; person < 300; person++) {
    await shop.issue({ passTemplate: template, pass: {}, recipient: { email: `${person}@example.com` } });
  }
  const before = shop.clock.now();
  shop.app.worker.start();
  await shop.app.worker.idle();
  expect(await shop.app.outbox.depths()).toEqual({ waiting: 0, ready: 0, leased: 0, dead: 0 });
  expect(shop.clock.now()).toBe(before);
});
