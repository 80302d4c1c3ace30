import { describe, expect, test } from "bun:test";
import { Webhook as Verifier } from "standardwebhooks";
import { toSeconds } from "../src/clock.ts";
import { VERSION } from "../src/version.ts";
import { PUBLIC_URL } from "./support/app.ts";
import { TEST_NOW } from "./support/clock.ts";
import type { RecordedDelivery } from "./support/receiver.ts";
import { startWebhookShop } from "./support/webhook-shop.ts";

const typesOf = (deliveries: readonly RecordedDelivery[]) => deliveries.map(({ event }) => event.type);
const MINUTE = 60_000;

describe("an event", () => {
  test("is a CloudEvent in structured mode with the pass object, without its values", async () => {
    await using here = await startWebhookShop();
    await here.subscribe();
    const issued = await here.issue({ "member-name": "Sarah" });
    const { pass: _values, ...object } = issued;
    const [delivery, ...more] = here.receiver.deliveries;
    expect(more).toEqual([]);
    expect(delivery?.event).toEqual({
      specversion: "1.0",
      id: expect.stringMatching(new RegExp(`^${issued.serialNumber}:\\d+$`)) as unknown as string,
      source: PUBLIC_URL,
      type: "pn.pass.issued",
      subject: issued.serialNumber,
      time: new Date(TEST_NOW).toISOString(),
      datacontenttype: "application/json",
      data: object,
    });
    expect(delivery?.path).toBe("/passes");
    expect(delivery?.body).not.toContain("Sarah");
    expect(delivery?.headers).toMatchObject({
      "content-type": "application/cloudevents+json",
      "user-agent": `Passhook/${VERSION}`,
      host: new URL(here.receiver.url).host,
    });
  });

  test("carries values where the webhook asks for them", async () => {
    await using here = await startWebhookShop();
    await here.subscribe({ includeValues: true });
    const issued = await here.issue({ "member-name": "Sarah" });
    expect(here.receiver.deliveries[0]?.event.data).toEqual({ ...issued });
  });

  test("comes with the bearer token, and a signature that Standard Webhooks verifies", async () => {
    await using here = await startWebhookShop();
    const { bearerToken, signingSecret } = await here.subscribe();
    await here.issue();
    const [delivery] = here.receiver.deliveries;
    const { headers = {}, body = "" } = delivery ?? {};
    expect(headers).toMatchObject({
      authorization: `Bearer ${bearerToken}`,
      "webhook-id": delivery?.event.id,
      "webhook-timestamp": String(toSeconds(TEST_NOW)),
    });

    const realNow = Date.now;
    Date.now = () => TEST_NOW;
    try {
      const verifier = new Verifier(signingSecret);
      expect(verifier.verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => verifier.verify(body.replace("issued", "deleted"), headers)).toThrow();
      expect(() => verifier.verify(body, { ...headers, "webhook-id": "another" })).toThrow();
    } finally {
      Date.now = realNow;
    }
  });

  test("of each kind in a pass's life, in its order, with the time at which it happened", async () => {
    await using here = await startWebhookShop();
    await here.subscribe();
    const pass = await here.issue();
    await here.advance(MINUTE);
    await here.phone(pass, "POST");
    await here.advance(MINUTE);
    await here.setPoints(pass, 10);
    await here.advance(MINUTE);
    await here.phone(pass, "DELETE");
    await here.advance(MINUTE);
    await here.answerTo("DELETE", `/v1/passes/${here.template}/${pass.serialNumber}`);
    await here.shop.app.worker.idle();
    const { deliveries } = here.receiver;
    expect(typesOf(deliveries)).toEqual([
      ...["pn.pass.issued", "pn.pass.installed", "pn.pass.updated", "pn.pass.uninstalled", "pn.pass.deleted"],
    ]);
    expect(deliveries.map(({ event }) => event.data["status"])).toEqual([
      ...["issued", "installed", "installed", "uninstalled", "deleted"],
    ]);
    expect(deliveries.map(({ event }) => Date.parse(event.time))).toEqual(
      [0, 1, 2, 3, 4].map((minutes) => TEST_NOW + minutes * MINUTE),
    );
    expect(new Set(deliveries.map(({ event }) => event.id)).size).toBe(5);
  });

  test("is one job for each webhook that wants it, and none where nobody does", async () => {
    await using here = await startWebhookShop({ working: false });
    await here.issue();
    expect(await here.jobs()).toEqual([]);
    const installs = await here.subscribe({ subscribedEvents: ["pn.pass.installed"] });
    const other = await here.shop.pushGallery("coupon");
    await here.subscribe({ passTemplate: other });
    await here.subscribe({ passTemplate: here.template.toUpperCase().replace("PTK_0X", "ptk_0x00") });
    const all = await here.subscribe();
    const off = await here.subscribe();
    await here.answerTo("PATCH", `/v1/webhooks/${off.id}`, { active: false });
    const elsewhere = await here.shop.app.accounts.create("Another shop");
    const theirs = { url: here.receiver.url, subscribedEvents: ["pn.pass.issued"], includeValues: false };
    await here.shop.app.webhooks.create(elsewhere.id, { name: "Theirs", ...theirs });

    const pass = await here.issue();
    const channels = (await here.jobs()).map(({ channel }) => channel);
    expect(channels).toHaveLength(2);
    expect(channels).toContain(`webhook:${all.id}`);
    await here.phone(pass, "POST");
    expect((await here.jobs()).slice(2).map(({ channel }) => channel)).toContain(`webhook:${installs.id}`);
    expect(await here.jobs()).toHaveLength(5);
  });
});

test("events of one pass arrive in order, though the first fails", async () => {
  await using here = await startWebhookShop();
  await here.subscribe();
  here.receiver.plan({ status: 500 });
  const pass = await here.issue();
  await here.setPoints(pass, 1);
  await here.setPoints(pass, 2);
  expect(typesOf(here.receiver.deliveries)).toEqual(["pn.pass.issued"]);
  await here.advance(MINUTE);
  expect(typesOf(here.receiver.deliveries)).toEqual([
    ...["pn.pass.issued", "pn.pass.issued", "pn.pass.updated", "pn.pass.updated"],
  ]);
  const ids = here.receiver.deliveries.map(({ event }) => event.id);
  expect(ids[1]).toBe(ids[0] ?? "");
  expect(new Set(ids).size).toBe(3);
});
