import { describe, expect, test } from "bun:test";
import { createFakeClock } from "../clock.ts";
import { renderFlowTemplate, TemplateError } from "./flow-template.ts";
import { profileWith, WEBHOOK_BODIES } from "./webhook-bodies.ts";
import { createWebhookSender, type WebhookSenderOptions } from "./webhook-sender.ts";

const HOUR_MS = 60 * 60 * 1_000;
const profile = profileWith({
  email: "sarah@example.com",
  external_id: "cust_42",
  properties: { points: 7, share: 0.256 },
});
const event = {
  event_properties: {
    $event_id: "dec_1",
    $value: 12,
    qty: 3,
    extra: { line_items: [{ title: "Tee" }] },
    none: null,
    tags: [],
  },
};

describe("a flow's template", () => {
  const cases: readonly [string, string][] = [
    ["{{ person.KlaviyoID }} {{person.id}} {{ person.email }}", "01GDDKASAP8TKDDA2GRZDSVP4H cust_42 sarah@example.com"],
    ["[{{ person.first_name }}][{{ person.nope.deeper }}][{{ nope }}]", "[][][]"],
    ["{{ person|lookup:'points' }} {{ person.share }}", "7 0.3"],
    ["{{ event.extra.line_items.0.title }}", "Tee"],
    ["{{ event|lookup:'extra'|lookup:'line_items' }}", "[{'title': 'Tee'}]"],
    ["{{ event|lookup:'$value' }} {{ event.qty }}", "12.0 3"],
    ["{{ event.none }} {{ event.none|default:'-' }} {{ event.tags|default:\"a|b\" }}", "None - a|b"],
    ["{{ first_name|default:last_name|default:'Friend' }}", "Friend"],
    [
      "{% for item in event.extra.line_items %}{% for x in nope %}!{% endfor %}<{{ item.title }}>{% endfor %}.",
      "<Tee>.",
    ],
    ["{{ 'text' }}{", "text{"],
  ];
  test.each(cases)("%s", (template, text) => {
    expect(renderFlowTemplate(template, { profile, event })).toBe(text);
  });

  test.each(["{{ event.$value }}", "{{ person.email|upper }}", "{% if email %}x{% endif %}", "{% for x in y %}"])(
    "%s is refused",
    (template) => {
      expect(() => renderFlowTemplate(template, { profile, event })).toThrow(TemplateError);
    },
  );

  test.each(WEBHOOK_BODIES.map((one) => [one.what, one] as const))("%s", (_, { rendered, body }) => {
    if (rendered) expect(renderFlowTemplate(rendered.template, rendered.context, rendered.escapesHtml)).toBe(body);
  });
});

describe("a webhook", () => {
  interface Received {
    readonly url: string;
    readonly headers: Headers;
    readonly body: string;
    readonly redirect: RequestInit["redirect"];
  }

  /** Answers with one status after the other, the last one again and again; 0 is a connection that fails. */
  function setUp(statuses: readonly number[], more: Partial<WebhookSenderOptions> = {}) {
    const clock = createFakeClock();
    const received: Received[] = [];
    const sender = createWebhookSender({
      url: "/v1/passes",
      clock,
      template: `{"id":"{{ person.KlaviyoID }}","key":"{{ event|lookup:'$event_id' }}"}`,
      target: async (url, { headers, body, redirect }) => {
        received.push({ url, headers: new Headers(headers), body: String(body), redirect });
        const status = statuses[Math.min(received.length, statuses.length) - 1] ?? 200;
        if (status === 0) throw new Error("reset");
        return new Response(status === 204 ? null : "ignored", {
          status,
          headers: { "retry-after": "9999", location: "https://elsewhere.example.com" },
        });
      },
      ...more,
    });
    return { clock, received, sender };
  }

  test("carries the rendered body, the user's headers and the flow's id", async () => {
    const { sender, received } = setUp([202], { headers: { authorization: "Bearer secret" }, flowId: "Flow01" });
    const delivery = await sender.enter({ profile, event });
    expect(delivery.outcome).toEqual({ type: "sent", status: 202 });
    expect(received[0]).toMatchObject({
      url: "/v1/passes",
      body: '{"id":"01GDDKASAP8TKDDA2GRZDSVP4H","key":"dec_1"}',
      redirect: "manual",
    });
    const { headers } = received[0] ?? { headers: new Headers() };
    expect([headers.get("authorization"), headers.get("x-klaviyo-flow-id"), headers.get("content-type")]).toEqual([
      "Bearer secret",
      "Flow01",
      "application/json",
    ]);
    expect([...headers.keys()].filter((name) => /signature|delivery|event/i.test(name))).toEqual([]);
  });

  test("comes again after a lost answer, and for a profile that enters again", async () => {
    const { sender, received } = setUp([200]);
    const first = await sender.enter({ profile, event });
    await sender.repeat(first);
    await sender.enter({ profile, event });
    expect([received.length, new Set(received.map(({ body }) => body)).size, sender.deliveries.length]).toEqual([
      3, 1, 3,
    ]);
  });

  test.each([301, 302, 400, 401, 404, 408, 409, 413, 504])("is skipped for good on %d", async (status) => {
    const { sender, received } = setUp([status]);
    await sender.enter({ profile });
    await sender.settle();
    expect([sender.deliveries[0]?.outcome, received.length]).toEqual([{ type: "skipped", status }, 1]);
  });

  test("is skipped when nobody answers", async () => {
    expect((await setUp([0]).sender.post("{}")).outcome).toEqual({ type: "skipped", status: "no answer" });
  });

  test.each([429, 500, 502, 503])("is sent again after %d, whatever Retry-After says", async (status) => {
    const { sender, clock, received } = setUp([status, status, 200]);
    const start = clock.now();
    const delivery = await sender.post("{}");
    expect(delivery.outcome).toEqual({ type: "waiting", status, retryAt: start + 1_000 });
    clock.advance(999);
    await sender.idle();
    expect(received.length).toBe(1);
    clock.advance(1);
    await sender.idle();
    expect(delivery.outcome).toMatchObject({ type: "waiting", retryAt: start + 2_900 });
    await sender.settle();
    expect(delivery.outcome).toEqual({ type: "sent", status: 200 });
    expect(delivery.attempts.map(({ at }) => at - start)).toEqual([0, 1_000, 2_900]);
  });

  test("fails after 17 retries, within a day", async () => {
    const { sender, clock } = setUp([503]);
    const start = clock.now();
    const delivery = await sender.post("{}");
    await sender.settle();
    expect([delivery.outcome, delivery.attempts.length]).toEqual([{ type: "failed", status: 503 }, 18]);
    expect(clock.now() - start).toBeGreaterThan(12 * HOUR_MS);
    expect(clock.now() - start).toBeLessThan(24 * HOUR_MS);
    const gaps = delivery.attempts.slice(1).map(({ at }, index) => at - (delivery.attempts[index]?.at ?? 0));
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
  });

  test("comes in bursts", async () => {
    const { sender, received } = setUp([...Array<number>(100).fill(503), 200]);
    await Promise.all(Array.from({ length: 300 }, () => sender.enter({ profile })));
    await sender.settle();
    expect(sender.deliveries.map(({ outcome }) => outcome?.type)).toEqual(Array(300).fill("sent"));
    expect(received.length).toBe(400);
  });

  test("needs https", () => {
    expect(() => setUp([200], { url: "http://example.com/hook" })).toThrow("https");
    expect(() => setUp([200], { url: "https://example.com/hook" })).not.toThrow();
  });
});
