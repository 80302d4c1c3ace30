import { describe, expect, test } from "bun:test";
import { addPassNotes } from "../src/passes/pass-store.ts";
import { learnKlaviyoId } from "../src/passes/recipient-store.ts";
import { apiOf } from "./support/api-client.ts";
import { startTestApp } from "./support/app.ts";
import { type ConnectedShop, EVENT, PROFILE, startConnectedShop } from "./support/connected-shop.ts";

const DELETION = "/api/data-privacy-deletion-jobs";
const MINUTE = 60_000;
const EMAIL = "sarah@example.com";

interface Erased {
  readonly id: string;
  readonly klaviyo: string;
  readonly klaviyoError: string | null;
  readonly counts: { readonly writeBacks: number };
}

const erase = async ({ shop }: ConnectedShop, query = `email=${EMAIL}`) =>
  (await apiOf(shop).json<Erased>("DELETE", `/recipients?${query}`)).body;
const deletions = ({ klaviyo }: ConnectedShop) => klaviyo.requests.filter(({ path }) => path === DELETION);
const asked = async ({ shop }: ConnectedShop) =>
  (await shop.app.data.eraser.list(shop.accountId, { limit: 10 })).items.map(({ klaviyo }) => klaviyo);

describe("Klaviyo", () => {
  test("is asked to forget the person, once what was on its way is over, and does", async () => {
    await using here = await startConnectedShop();
    await here.issue({ email: EMAIL, phone: "+4915112345678" });
    const profile = here.klaviyo.findProfile({ email: EMAIL });
    expect((await erase(here)).klaviyo).toBe("waiting");
    await here.advance(59_000);
    expect(deletions(here)).toEqual([]);
    await here.advance(2_000);
    expect(deletions(here).map(({ body }) => body)).toEqual([
      {
        data: {
          type: "data-privacy-deletion-job",
          attributes: { profile: { data: { type: "profile", attributes: { email: EMAIL } } } },
        },
      },
    ]);
    expect(await asked(here)).toEqual(["requested"]);
    await here.advance(2 * MINUTE);
    expect(here.klaviyo.findProfile({ id: profile?.id ?? "" })).toBeUndefined();
    expect(await here.jobs()).toEqual([]);
  });

  test("may bring back who it was, with an answer that was on its way: not for longer than a minute", async () => {
    await using here = await startConnectedShop();
    const { shop } = here;
    const pass = await here.issue({ email: EMAIL });
    const { recipient } = await shop.app.links.load(pass.serialNumber);
    await erase(here);
    // As a write-back does when Klaviyo has answered.
    await shop.app.db.transaction(async ({ query }) => {
      await learnKlaviyoId(query, recipient, "01GDDKASAP8TKDDA2GRZDSVP4H");
      await addPassNotes(query, shop.accountId, pass.serialNumber, [`Klaviyo does not accept ${EMAIL}.`]);
    });
    await here.advance(MINUTE);
    const now = await shop.app.links.load(pass.serialNumber);
    expect([now.pass.notes, now.recipient.klaviyoId]).toEqual([[], null]);
    expect(await shop.app.db.read.query.recipientIdentifiers.findMany()).toEqual([]);
  });

  test("is told nothing more of the person's passes", async () => {
    await using here = await startConnectedShop({ working: false });
    const { shop, template } = here;
    await shop.issue({ passTemplate: template, pass: {}, recipient: { email: EMAIL } });
    await shop.issue({ passTemplate: template, pass: {}, recipient: { email: "ben@example.com" } });
    expect((await erase(here)).counts.writeBacks).toBe(2);
    shop.app.worker.start();
    await here.advance(2 * MINUTE);
    const told = here.klaviyo.requests.filter(({ path }) => path === PROFILE || path === EVENT);
    expect(told.map(({ body }) => JSON.stringify(body)).filter((body) => body.includes(EMAIL))).toEqual([]);
    expect(told).toHaveLength(2);
  });

  test.each<[string, Record<string, string>, string, object]>([
    [
      "the profile's id",
      { klaviyoId: "01GDDKASAP8TKDDA2GRZDSVP4H", email: EMAIL },
      "klaviyoId=01GDDKASAP8TKDDA2GRZDSVP4H",
      { id: "01GDDKASAP8TKDDA2GRZDSVP4H", attributes: {} },
    ],
    [
      "a phone number",
      { phone: "+15005550006", email: EMAIL },
      "phone=%2B15005550006",
      { attributes: { phone_number: "+15005550006" } },
    ],
    [
      "what it takes, where it was asked by something else",
      { externalId: "A-17", email: EMAIL },
      "externalId=A-17",
      { attributes: { email: EMAIL } },
    ],
  ])("is asked by %s", async (_name, recipient, query, profile) => {
    await using here = await startConnectedShop({ working: false });
    await here.shop.issue({ passTemplate: here.template, pass: {}, recipient });
    await erase(here, query);
    here.shop.app.worker.start();
    await here.advance(2 * MINUTE);
    expect(deletions(here).map(({ body }) => body)).toEqual([
      expect.objectContaining({
        data: expect.objectContaining({ attributes: { profile: { data: { type: "profile", ...profile } } } }),
      }),
    ]);
  });

  test("is not asked for somebody whom it cannot know", async () => {
    await using here = await startConnectedShop({ working: false });
    await here.shop.issue({ passTemplate: here.template, pass: {}, recipient: { externalId: "A-17" } });
    expect((await erase(here, "externalId=A-17")).klaviyo).toBe("none");
  });

  test("refuses a key without the scope: an alarm says which, and a better key goes on", async () => {
    await using here = await startConnectedShop();
    const { shop, klaviyo } = here;
    await here.issue({ email: EMAIL });
    klaviyo.denyScope(DELETION);
    const { id } = await erase(here);
    await here.advance(2 * MINUTE);
    const lanes = (await shop.app.connections.status(shop.accountId)).lanes;
    expect(lanes.find(({ kind }) => kind === "klaviyo.erasure")?.alarm).toContain("data-privacy:write");
    const [waiting] = (await shop.app.data.eraser.list(shop.accountId, { limit: 1 })).items;
    expect(waiting).toMatchObject({
      id,
      klaviyo: "waiting",
      klaviyoError: expect.stringContaining("data-privacy:write"),
    });
    // Who it is cannot be read from what waits.
    expect(JSON.stringify(await here.jobs())).not.toContain(EMAIL);
    // Other write-backs are not held up.
    await here.issue({ email: "ben@example.com" });
    expect(klaviyo.findProfile({ email: "ben@example.com" })).toBeDefined();

    klaviyo.restoreScopes();
    klaviyo.acceptKey("pk_better");
    await shop.app.connections.connect(shop.accountId, "pk_better");
    await shop.app.worker.idle();
    expect([deletions(here).at(-1)?.status, await asked(here)]).toEqual([202, ["requested"]]);
  });

  test("is not asked by a sandbox, which records that it would have been, and not for whom", async () => {
    await using shop = await startTestApp();
    const template = await shop.pushGallery("points-card");
    await shop.issue({ passTemplate: template, pass: {}, recipient: { email: EMAIL } });
    shop.app.worker.start();
    await apiOf(shop).json("DELETE", `/recipients?email=${EMAIL}`);
    shop.clock.advance(2 * MINUTE);
    await shop.app.worker.idle();
    const { sandboxRequests } = await shop.app.connections.status(shop.accountId);
    expect(sandboxRequests.filter(({ path }) => path === DELETION)).toHaveLength(1);
    expect(JSON.stringify(sandboxRequests)).not.toContain(EMAIL);
    const [erasure] = (await shop.app.data.eraser.list(shop.accountId, { limit: 1 })).items;
    expect(erasure?.klaviyo).toBe("recorded");
  });
});
