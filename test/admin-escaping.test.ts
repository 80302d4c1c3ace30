import { afterEach, beforeEach, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { outbox, outboxLanes, passes, webhookResults } from "../src/db/schema.ts";
import { KNOWN_EVENT_TYPES } from "../src/webhooks/webhook.ts";
import { type AdminBrowser, openBrowser, signedIn } from "./support/admin-browser.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { phone } from "./support/phone.ts";
import { cardWith } from "./support/template.ts";

/** Text that others wrote is never markup, whatever it is and wherever it is shown. */

const EVIL = `"'><img src=x onerror=alert(1)>{{x}}`;

let shop: TestApp;
let owner: AdminBrowser;

beforeEach(async () => {
  shop = await startTestApp();
  owner = await signedIn(shop, "owner");
});
afterEach(() => shop[Symbol.asyncDispose]());

const at = (path: string): string => `/admin/${shop.accountId}${path}`;
const store = (work: Parameters<typeof shop.app.db.transaction>[0]) => shop.app.db.transaction(work);

/** Every text that somebody else can bring about. Answers where it is shown. */
async function writeEverywhere(): Promise<{ serial: string; webhookId: string; fileId: string }> {
  const { accounts, access } = shop.app;
  await accounts.create(EVIL);
  await accounts.createKey(shop.accountId, EVIL);
  const note = { type: "text", label: EVIL, default: EVIL } as const;
  const passTemplate = await shop.pushTemplate({ definition: cardWith({ note }, { name: EVIL }) });
  const recipient = { name: EVIL, email: EVIL, phone: EVIL, externalId: EVIL, klaviyoId: EVIL };
  const flow = { "x-klaviyo-flow-id": EVIL };
  const { serialNumber } = await shop.issue({ passTemplate, pass: { note: EVIL }, recipient }, flow);
  await phone(shop, serialNumber).register();
  await shop.post({ passTemplate: EVIL, pass: { [EVIL]: EVIL }, [EVIL]: EVIL }, flow);
  await shop.post(`{"${EVIL}`, flow);
  await store(({ query }) => query.update(outbox).set({ state: "dead", lastError: EVIL }));
  const lane = { alarm: EVIL, kind: EVIL, channel: EVIL };
  await store(({ query }) => query.update(outboxLanes).set(lane).where(eq(outboxLanes.kind, "klaviyo.event")));
  await store(({ query }) => query.update(passes).set({ notes: JSON.stringify([EVIL]) }));
  await access.links.invite("o'neil&co@example.com", "viewer");
  await openBrowser(shop, EVIL).signIn("owner@example.com");
  const receiver = { name: EVIL, url: "https://hooks.example.com/", subscribedEvents: KNOWN_EVENT_TYPES };
  const { webhook } = await shop.app.webhooks.create(shop.accountId, { ...receiver, includeValues: false });
  const delivery = { webhookId: webhook.id, eventId: EVIL, eventType: EVIL, url: EVIL, attempt: 1, at: 0 };
  const answer = { responseStatus: null, responseBody: EVIL, error: EVIL, success: false };
  await store(({ query }) => query.insert(webhookResults).values({ ...delivery, ...answer }));
  const file = { accountId: shop.accountId, mode: "issue", format: "ndjson", idempotencyKey: undefined } as const;
  const bytes = new Blob([JSON.stringify({ passTemplate, pass: { [EVIL]: EVIL } })]).stream();
  const { id: fileId } = await shop.app.data.bulk.receive({ ...file, templateId: undefined, bytes });
  shop.app.data.bulk.worker.start();
  await shop.app.data.bulk.worker.idle();
  return { serial: serialNumber, webhookId: webhook.id, fileId };
}

test("stored text", async () => {
  const { serial, webhookId, fileId } = await writeEverywhere();
  const evil = encodeURIComponent(EVIL);
  const inAddress = [`/passes?q=${evil}&template=${evil}&status=${evil}`, `/outbox?kind=${evil}&state=${evil}`];
  const paths = ["", "/passes", `/passes/${serial}`, "/rejected", "/rejected/1", "/rejected/2", "/outbox", "/keys"];
  paths.push("/webhooks", `/webhooks/${webhookId}`, `/files/${fileId}`);
  const shown: string[] = [];
  for (const path of [
    ...paths,
    "/settings",
    "/admins",
    "/system",
    "/profile",
    "/files",
    "/certificates",
    "/erasures",
    `?template=${evil}&days=${evil}`,
    ...inAddress,
  ]) {
    const html = await owner.page(at(path));
    expect([path, html.includes("<img src=x")]).toEqual([path, false]);
    if (html.includes("&lt;img src=x")) shown.push(path);
  }
  // It is there, as text.
  expect(shown).toEqual(expect.arrayContaining(paths) as unknown as string[]);
});

test("what was typed or asked for", async () => {
  const evil = encodeURIComponent(EVIL);
  for (const response of [
    await owner.submit(at("/admins/invite"), { email: EVIL, role: EVIL }),
    await owner.submit("/admin/sign-in", { email: EVIL, password: EVIL, next: EVIL }),
    await openBrowser(shop).get(`/admin/sign-in?next=${encodeURIComponent(`/admin/${EVIL}`)}`),
    await owner.get(`/admin/${evil}`),
    await owner.get(at(`/${evil}`)),
    await owner.get(`/admin/link/${evil}`),
  ]) {
    expect(await response.text()).not.toContain("<img src=x");
  }
});
