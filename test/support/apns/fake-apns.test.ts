import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect, type OutgoingHttpHeaders } from "node:http2";
import type { PushIdentity } from "../../../src/apple/push-client.ts";
import { createTestIdentity, type FakeApns, startFakeApns } from "./fake-apns.ts";

const TOPIC = "pass.com.example.card";
const NOW = Date.UTC(2026, 6, 15, 12);

let fake: FakeApns;
let identity: PushIdentity;
let now = NOW;
beforeAll(async () => {
  identity = createTestIdentity(TOPIC);
  fake = await startFakeApns({ now: () => now });
});
afterAll(() => fake[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** One request over a connection of its own; rejects when no answer comes. */
async function send(headers: OutgoingHttpHeaders = {}, body = "{}", by: PushIdentity | null = identity) {
  const session = connect(fake.url, {
    ca: fake.ca,
    ...(by ? { cert: by.certificatePem + by.intermediatePem, key: by.privateKeyPem() } : {}),
  });
  session.on("error", () => {});
  try {
    const all = { ":method": "POST", ":path": "/3/device/ab12", "apns-topic": TOPIC, ...headers };
    const kept = Object.entries(all).filter(([, value]) => value !== undefined);
    const stream = session.request(Object.fromEntries(kept));
    const answer = Promise.withResolvers<Answer>();
    let received: Readonly<Record<string, unknown>> = {};
    let text = "";
    stream.setEncoding("utf8");
    stream.on("response", (values) => {
      received = values;
    });
    stream.on("data", (chunk: string) => {
      text += chunk;
    });
    stream.on("error", answer.reject);
    stream.on("close", () =>
      answer.resolve({
        status: Number(received[":status"]),
        headers: received,
        body: text === "" ? null : JSON.parse(text),
      }),
    );
    stream.end(body);
    return await answer.promise;
  } finally {
    session.close();
  }
}

test("accepts what Apple accepts", async () => {
  const answer = await send();
  expect(answer).toMatchObject({ status: 200, body: null });
  expect(answer.headers["apns-id"]).toMatch(/^[0-9A-F-]{36}$/);
});

describe("refuses what Apple refuses", () => {
  const rows: readonly [string, OutgoingHttpHeaders, string, number, string][] = [
    ["no payload", {}, "", 400, "PayloadEmpty"],
    ["no JSON", {}, "hello", 400, "PayloadEmpty"],
    ["long payload", {}, JSON.stringify({ a: "x".repeat(5_000) }), 413, "PayloadTooLarge"],
    ["no topic", { "apns-topic": undefined }, "{}", 400, "MissingTopic"],
    ["strange topic", { "apns-topic": "a b" }, "{}", 400, "BadTopic"],
    ["other topic", { "apns-topic": "pass.com.example.other" }, "{}", 400, "TopicDisallowed"],
    ["no token", { ":path": "/3/device/" }, "{}", 400, "MissingDeviceToken"],
    ["bad token", { ":path": "/3/device/xyz" }, "{}", 400, "BadDeviceToken"],
    ["half a byte", { ":path": "/3/device/abc" }, "{}", 400, "BadDeviceToken"],
    ["other path", { ":path": "/2/device/ab12" }, "{}", 404, "BadPath"],
    ["other method", { ":method": "PUT" }, "{}", 405, "MethodNotAllowed"],
  ];
  test.each(rows)("%s", async (_, headers, body, status, reason) => {
    expect(await send(headers, body)).toMatchObject({ status, body: { reason } });
  });

  test("no certificate", async () => {
    const before = fake.certificates.length;
    expect(await send({}, "{}", null)).toMatchObject({ status: 403, body: { reason: "MissingProviderToken" } });
    expect(fake.certificates.slice(before)).toEqual([undefined]);
  });

  test("a certificate that has run out, on the fake's clock", async () => {
    now = Date.UTC(2050, 0, 1);
    expect(await send()).toMatchObject({ status: 403, body: { reason: "BadCertificate" } });
    now = NOW;
  });

  test("a token of another topic, and one that is not registered any more", async () => {
    fake.assignToken("aa", "pass.com.example.other");
    fake.unregister("bb");
    expect(await send({ ":path": "/3/device/aa" })).toMatchObject({
      status: 400,
      body: { reason: "DeviceTokenNotForTopic" },
    });
    expect(await send({ ":path": "/3/device/bb" })).toMatchObject({
      status: 410,
      body: { reason: "Unregistered", timestamp: NOW },
    });
  });
});

test("faults: the queue first, then the latest standing one, each for its pushes only", async () => {
  const to = (token: string) => send({ ":path": `/3/device/${token}` }).then(({ status }) => status);
  fake.respondAlways({ status: 500, reason: "InternalServerError" }, { token: "c1" });
  fake.respondAlways({ status: 503, reason: "Shutdown" }, { topic: TOPIC });
  fake.failNext({ status: 429, reason: "TooManyRequests", retryAfterSeconds: 2 }, { token: "c1", times: 2 });
  expect([await to("c1"), await to("c2"), await to("c1"), await to("c1")]).toEqual([429, 503, 429, 503]);
  fake.clearFaults();
  expect(await to("c1")).toBe(200);
});

test("waiting for pushes", async () => {
  await using own = await startFakeApns();
  const never = own.nextPush();
  never.catch(() => {});
  await own[Symbol.asyncDispose]();
  await expect(never).rejects.toThrow("The fake was stopped");

  const next = fake.nextPush({ token: "d2" });
  await send({ ":path": "/3/device/d1" });
  await send({ ":path": "/3/device/d2" });
  expect(await next).toMatchObject({ token: "d2", topic: TOPIC, certificateUid: TOPIC, status: 200, at: NOW });
  expect(await fake.waitForPushes(1, { token: "d1", status: 200 })).toHaveLength(1);
});
