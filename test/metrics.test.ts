import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { outbox } from "../src/db/schema.ts";
import { assertMayRead } from "../src/http/metrics-routes.ts";
import { startFakeApns, startFakeKlaviyo, startTestApp, type TestApp } from "./support/app.ts";
import { phone } from "./support/phone.ts";

/** Every line that is a number, by what stands before it; the format is checked on the way. */
function parse(text: string): Map<string, number> {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.trimEnd().split("\n")) {
    const type = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line);
    if (type) types.set(type[1] ?? "", type[2] ?? "");
    if (line.startsWith("#")) {
      expect(line).toMatch(/^# (HELP|TYPE) [a-z_]+ .+$/);
      continue;
    }
    const [, name = "", labels = "", value = ""] =
      /^([a-z_]+)((?:\{\w+="[^"\n]*"(?:,\w+="[^"\n]*")*\})?) (-?[\d.e+-]+)$/.exec(line) ?? [];
    expect([line, types.has(name) || types.get(name.replace(/_(bucket|sum|count)$/, "")) === "histogram"]).toEqual([
      line,
      true,
    ]);
    expect(values.has(name + labels)).toBe(false);
    values.set(name + labels, Number(value));
  }
  return values;
}

describe("what happens is counted", () => {
  let shop: TestApp;
  let values: Map<string, number>;
  let text: string;

  beforeAll(async () => {
    const [klaviyo, apns] = [startFakeKlaviyo(), await startFakeApns()];
    shop = await startTestApp({ klaviyo: await klaviyo, apns });
    const template = await shop.pushGallery("points-card");
    const call = (points: string, email: string) =>
      shop.post({ passTemplate: template, pass: { "points-balance": points }, recipient: { email } });
    for (const email of ["mia@example.com", "noah@example.com"]) await call("1", email);
    await call("2", "mia@example.com");
    await call("2", "mia@example.com");
    await call("many", "mia@example.com");
    await shop.post("{}", { "x-api-key": "wrong" });
    const { items } = await shop.app.data.search.page({ accountId: shop.accountId }, { limit: 1 });
    const serial = items[0]?.pass.serial ?? "";
    for (let i = 0; i < 3; i++) await shop.request(`/p/${serial}.pkpass`);
    await phone(shop, serial).register();
    shop.clock.advance(3_000);
    shop.app.worker.start();
    await shop.app.worker.idle();
    await shop.app.db.transaction(({ query }) =>
      query.insert(outbox).values({
        ...{
          accountId: shop.accountId,
          kind: "klaviyo.event",
          channel: "klaviyo",
          orderingKey: "x",
          idempotencyKey: "x",
        },
        ...{ payload: "{}", state: "dead", attempts: 1, runAt: 0, createdAt: 0 },
      }),
    );
    shop.app.http.listen({ hostname: "127.0.0.1", port: 0 });
    const response = await fetch(`http://127.0.0.1:${shop.app.http.server?.port}/metrics`);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    text = await response.text();
    values = parse(text);
    await apns[Symbol.asyncDispose]();
    await (await klaviyo)[Symbol.asyncDispose]();
  });
  afterAll(() => shop[Symbol.asyncDispose]());

  test.each([
    ['passhook_http_requests_total{route="api",status="200"}', 4],
    ['passhook_http_requests_total{route="api",status="400"}', 1],
    ['passhook_http_requests_total{route="api",status="401"}', 1],
    ['passhook_http_request_seconds_count{route="api"}', 6],
    ['passhook_http_request_seconds_bucket{route="api",le="+Inf"}', 6],
    ['passhook_issue_requests_total{outcome="created"}', 2],
    ['passhook_issue_requests_total{outcome="updated"}', 1],
    ['passhook_issue_requests_total{outcome="unchanged"}', 1],
    ['passhook_issue_requests_total{outcome="refused"}', 2],
    ['passhook_pass_changes_total{kind="created"}', 2],
    ['passhook_pass_changes_total{kind="updated"}', 1],
    ['passhook_pass_changes_total{kind="installed"}', 1],
    ["passhook_package_requests_total", 3],
    ["passhook_package_build_seconds_count", 1],
    ['passhook_jobs_total{kind="klaviyo.event",outcome="done"}', 4],
    ['passhook_job_seconds_count{kind="klaviyo.event"}', 4],
    ['passhook_klaviyo_answers_total{family="event",status="202"}', 4],
    ['passhook_outbox_jobs{kind="klaviyo.event",state="dead"}', 1],
    ["passhook_outbox_oldest_seconds", 0],
    ['passhook_build_info{version="0.1.0"}', 1],
  ])("%s", (name, value) => {
    expect([name, values.get(name)]).toEqual([name, value]);
  });

  test("the process and its files have a size", () => {
    expect(values.get("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(values.get('passhook_database_bytes{file="database"}')).toBeGreaterThan(0);
    expect(values.get('passhook_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThanOrEqual(0);
  });

  test("nobody is named", () => {
    expect(text).not.toContain("example.com");
    expect(text).not.toContain(shop.accountId);
    expect(text).not.toContain("Test shop");
  });
});

describe("who may read", () => {
  const PUBLIC = "https://passes.example.com";
  const may = (peer: string | undefined, headers: Record<string, string> = {}, token?: string, publicUrl = PUBLIC) => {
    const request = new Request("http://127.0.0.1:8080/metrics", { headers: { host: "127.0.0.1:8080", ...headers } });
    try {
      assertMayRead(request, peer, { token, publicUrl });
      return true;
    } catch {
      return false;
    }
  };

  test.each([
    ["this machine", true, "127.0.0.1", {}],
    ["this machine, over IPv6", true, "::1", {}],
    ["the private network", true, "10.0.0.7", { host: "passhook:8080" }],
    ["the same, as a mapped address", true, "::ffff:172.18.0.4", {}],
    ["the internet", false, "203.0.113.7", {}],
    ["the same, as a mapped address", false, "::ffff:203.0.113.7", {}],
    ["nobody knows who", false, undefined, {}],
    ["a proxy on this machine", false, "127.0.0.1", { "x-forwarded-for": "203.0.113.7" }],
    ["one that claims a private visitor", false, "127.0.0.1", { "x-forwarded-for": "127.0.0.1" }],
    ["one that says it another way", false, "127.0.0.1", { forwarded: "for=203.0.113.7" }],
    ["one that passes on the name only", false, "127.0.0.1", { host: "passes.example.com" }],
  ])("%s: %p", (_, allowed, peer, headers) => {
    expect(may(peer, headers as Record<string, string>)).toBe(allowed);
  });

  test("a demo on this machine may, by its own name", () => {
    expect(may("127.0.0.1", { host: "localhost:8080" }, undefined, "http://localhost:8080")).toBe(true);
  });

  test("with a token, who has it, from anywhere, and nobody else", () => {
    expect(may("203.0.113.7", { authorization: "Bearer secret" }, "secret")).toBe(true);
    expect(may("203.0.113.7", { authorization: "Bearer secre" }, "secret")).toBe(false);
    expect(may("127.0.0.1", {}, "secret")).toBe(false);
  });
});
