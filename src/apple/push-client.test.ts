import { heapStats } from "bun:jsc";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createTestIdentity, type FakeApns, startFakeApns } from "../../test/support/apns/fake-apns.ts";
import { createFakeClock, TEST_NOW } from "../../test/support/clock.ts";
import { createPushClient, type PushAnswer, type PushClient, type PushIdentity } from "./push-client.ts";

const GOOD: PushAnswer = {
  type: "answered",
  status: 200,
  reason: undefined,
  timestamp: undefined,
  retryAfterMs: undefined,
};
const token = (n: number) => n.toString(16).padStart(64, "0");
const tokens = (count: number, from = 0) => Array.from({ length: count }, (_, n) => token(from + n));

let one: ReturnType<typeof createTestIdentity>;
let other: PushIdentity;
beforeAll(() => {
  one = createTestIdentity("pass.com.example.card");
  other = createTestIdentity("pass.com.example.ticket");
});

const clientFor = (fake: FakeApns): PushClient =>
  createPushClient({ baseUrl: fake.url, ca: fake.ca, clock: createFakeClock() });

describe("one push", () => {
  test("is the request that Apple asks for, with the certificate and its chain", async () => {
    await using fake = await startFakeApns({ now: () => TEST_NOW, trustedRoots: [one.rootPem] });
    await using client = clientFor(fake);
    expect(await client.push(one, token(1))).toEqual(GOOD);
    // Only the root is known there: the intermediate came with it.
    expect(fake.certificates).toMatchObject([{ uid: "pass.com.example.card", isTrusted: true }]);
    expect(fake.pushes).toEqual([
      {
        token: token(1),
        topic: "pass.com.example.card",
        method: "POST",
        path: `/3/device/${token(1)}`,
        headers: { "apns-topic": "pass.com.example.card" },
        neverIndexed: [":path"],
        payload: "{}",
        connection: 1,
        certificateUid: "pass.com.example.card",
        status: 200,
        at: TEST_NOW,
      },
    ]);
  });

  test("a certificate that Apple did not issue is refused", async () => {
    await using fake = await startFakeApns({ trustedRoots: [one.rootPem] });
    await using client = clientFor(fake);
    expect(await client.push(other, token(1))).toMatchObject({ status: 403, reason: "BadCertificate" });
  });

  test("a certificate of another pass type is refused", async () => {
    await using fake = await startFakeApns();
    await using client = clientFor(fake);
    const wrong = { ...one, passTypeIdentifier: "pass.com.example.ticket" };
    expect(await client.push(wrong, token(1))).toMatchObject({ status: 400, reason: "TopicDisallowed" });
  });

  const noTokens = ["", "xyz", "abc", "../../3/device/ab", "ab/cd", "ab\r\nx: y", "ab ", "é1", "a".repeat(514)];
  test.each(noTokens.map((bad) => [bad.slice(0, 20), bad] as const))(
    "a token that is none is answered without a request: %j",
    async (_, bad) => {
      let keys = 0;
      await using client = createPushClient({ baseUrl: "https://127.0.0.1:9", clock: createFakeClock() });
      const privateKeyPem = () => String(keys++);
      expect(await client.push({ ...one, privateKeyPem }, bad)).toMatchObject({
        type: "answered",
        status: 400,
        reason: "BadDeviceToken",
      });
      expect([keys, client.openConnections]).toEqual([0, 0]);
    },
  );
});

describe("Apple's answers come through", () => {
  let fake: FakeApns;
  let client: PushClient;
  beforeAll(async () => {
    fake = await startFakeApns({ now: () => TEST_NOW });
    client = clientFor(fake);
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await fake[Symbol.asyncDispose]();
  });

  const rows: readonly [number, string, { timestamp?: number; retryAfterSeconds?: number }][] = [
    [410, "Unregistered", { timestamp: 1_790_000_000_123 }],
    [410, "ExpiredToken", { timestamp: 1_790_000_000_456 }],
    [400, "BadDeviceToken", {}],
    [400, "DeviceTokenNotForTopic", {}],
    [400, "BadTopic", {}],
    [400, "TopicDisallowed", {}],
    [400, "MissingTopic", {}],
    [403, "BadCertificate", {}],
    [403, "BadCertificateEnvironment", {}],
    [403, "ExpiredProviderToken", {}],
    [403, "InvalidProviderToken", {}],
    [403, "Forbidden", {}],
    [404, "BadPath", {}],
    [405, "MethodNotAllowed", {}],
    [413, "PayloadTooLarge", {}],
    [429, "TooManyRequests", { retryAfterSeconds: 30 }],
    [500, "InternalServerError", {}],
    [503, "ServiceUnavailable", { retryAfterSeconds: 900 }],
    [503, "Shutdown", {}],
  ];
  test.each(rows)("%d %s", async (status, reason, more) => {
    fake.failNext({ status, reason, ...more });
    expect(await client.push(one, token(status))).toEqual({
      type: "answered",
      status,
      reason,
      timestamp: more.timestamp,
      retryAfterMs: more.retryAfterSeconds === undefined ? undefined : more.retryAfterSeconds * 1000,
    });
  });

  test("a phone that left, and came back", async () => {
    fake.unregister(token(7), TEST_NOW - 5);
    expect(await client.push(one, token(7))).toMatchObject({ status: 410, timestamp: TEST_NOW - 5 });
    fake.register(token(7));
    expect(await client.push(one, token(7))).toEqual(GOOD);
  });

  test("trouble without a reason is still an answer", async () => {
    fake.failNext({ status: 502, body: "<html>Bad gateway</html>" });
    expect(await client.push(one, token(8))).toMatchObject({ type: "answered", status: 502, reason: undefined });
  });

  test.each([
    { status: 410, body: "<html>Gone</html>" },
    { status: 400, body: '{"reason":42}' },
    { status: 403, body: "null" },
    { status: 404, body: "" },
    { status: 410, reason: "Unregistered", timestamp: 1, isTruncated: true },
  ])("a refusal without Apple's reason costs no phone its registration: %j", async (refusal) => {
    fake.failNext(refusal);
    expect(await client.push(one, token(9))).toEqual({
      type: "unreachable",
      reason: `Apple's push service could not be reached: it answered ${refusal.status} without a reason`,
    });
  });

  test("one bad token in the middle stops nobody else", async () => {
    fake.unregister(token(15));
    const answers = await Promise.all(tokens(30).map((each) => client.push(one, each)));
    expect(answers.map((answer) => answer.type === "answered" && answer.status)).toEqual(
      tokens(30).map((each) => (each === token(15) ? 410 : 200)),
    );
  });
});

describe("many pushes", () => {
  test("share one connection and stay below the peer's limit, which they reach", async () => {
    await using fake = await startFakeApns({ maxConcurrentStreams: 40 });
    await using client = clientFor(fake);
    const gate = Promise.withResolvers<void>();
    fake.respondAlways({ kind: "slow", until: () => gate.promise });
    const answers = tokens(1_000).map((each) => client.push(one, each));
    await fake.waitForInFlight(40);
    expect([fake.inFlight, fake.answered, client.openConnections]).toEqual([40, 0, 1]);
    gate.resolve();
    expect(await Promise.all(answers)).toEqual(tokens(1_000).map(() => GOOD));
    expect(fake.pushes.map((push) => push.token)).toEqual(tokens(1_000));
    expect([fake.mostStreams, fake.certificates.length]).toEqual([40, 1]);
  });

  test("follow a limit that changes", async () => {
    await using fake = await startFakeApns({ maxConcurrentStreams: 1 });
    await using client = clientFor(fake);
    const pushAll = (count: number) => Promise.all(tokens(count).map((each) => client.push(one, each)));
    await pushAll(20);
    expect(fake.mostStreams).toBe(1);
    await fake.setMaxConcurrentStreams(25);
    const gate = Promise.withResolvers<void>();
    fake.respondAlways({ kind: "slow", until: () => gate.promise });
    const answers = pushAll(100);
    await fake.waitForInFlight(25);
    gate.resolve();
    await answers;
    expect([fake.mostStreams, fake.certificates.length]).toEqual([25, 1]);
  });

  test("two identities have two connections, and the key of each is asked for once", async () => {
    await using fake = await startFakeApns();
    await using client = clientFor(fake);
    const asked: string[] = [];
    const counting = (identity: PushIdentity): PushIdentity => ({
      ...identity,
      privateKeyPem() {
        asked.push(identity.id);
        return identity.privateKeyPem();
      },
    });
    const identities = [counting(one), counting(other)];
    const answers = tokens(200).flatMap((each) => identities.map((identity) => client.push(identity, each)));
    expect(await Promise.all(answers)).toEqual(answers.map(() => GOOD));
    expect(client.openConnections).toBe(2);
    expect(fake.certificates.map((each) => each?.uid).sort()).toEqual([
      one.passTypeIdentifier,
      other.passTypeIdentifier,
    ]);
    expect(fake.pushes.every(({ certificateUid, topic }) => certificateUid === topic)).toBe(true);
    expect(asked).toEqual([one.id, other.id]);
  });

  test("leave nothing behind", async () => {
    await using fake = await startFakeApns({ keepPushes: false });
    await using client = clientFor(fake);
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(tokens(500, round * 500).map((each) => client.push(one, each)));
    }
    expect(fake.answered).toBe(2_000);
    Bun.gc(true);
    const { ClientHttp2Stream: streams = 0 } = heapStats().objectTypeCounts;
    expect(streams).toBeLessThan(250);
  });
});
