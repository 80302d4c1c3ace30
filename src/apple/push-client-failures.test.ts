import { beforeAll, describe, expect, test } from "bun:test";
import { createTestIdentity, type FakeApns, startFakeApns } from "../../test/support/apns/fake-apns.ts";
import { createFakeClock, type FakeClock } from "../../test/support/clock.ts";
import { freePort } from "../../test/support/server-process.ts";
import { createPushClient, type PushAnswer, type PushClient, type PushIdentity } from "./push-client.ts";

const token = (n: number) => n.toString(16).padStart(64, "0");
const tokens = (count: number) => Array.from({ length: count }, (_, n) => token(n));
const statusOf = (answer: PushAnswer) => (answer.type === "answered" ? answer.status : answer.reason);
const cannot = (reason: string): PushAnswer => ({
  type: "unreachable",
  reason: `Apple's push service could not be reached: ${reason}`,
});

let identity: PushIdentity;
let other: PushIdentity;
beforeAll(() => {
  identity = createTestIdentity("pass.com.example.card");
  other = createTestIdentity("pass.com.example.ticket");
});

interface Setting extends AsyncDisposable {
  readonly fake: FakeApns;
  readonly client: PushClient;
  readonly clock: FakeClock;
}

async function start(options: { maxConcurrentStreams?: number } = {}): Promise<Setting> {
  const fake = await startFakeApns(options);
  const clock = createFakeClock();
  const client = createPushClient({ baseUrl: fake.url, ca: fake.ca, clock, idleMs: 60_000, timeoutMs: 10_000 });
  return {
    fake,
    client,
    clock,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await fake[Symbol.asyncDispose]();
    },
  };
}

describe("GOAWAY", () => {
  test("in the middle: every push has an answer, what was processed is known, the rest goes on over one new connection", async () => {
    await using setting = await start({ maxConcurrentStreams: 50 });
    const { fake, client } = setting;
    fake.goAwayAfter(300);
    const answers = await Promise.all(tokens(1_000).map((each) => client.push(identity, each)));
    const sent = tokens(1_000).filter((_, n) => statusOf(answers[n] ?? cannot("")) === 200);
    const refused = answers.filter(({ type }) => type === "unreachable");
    expect(fake.pushes.map((push) => push.token).sort()).toEqual(sent.sort());
    expect(fake.pushes.filter(({ connection }) => connection === 1)).toHaveLength(300);
    expect(sent.length + refused.length).toBe(1_000);
    expect(refused.length).toBeLessThan(50);
    for (const answer of refused) {
      expect(answer).toEqual(cannot("the connection was closed by the other side (Shutdown)"));
    }
    expect(fake.certificates).toHaveLength(2);
    await fake.waitForConnections(1);
    expect(client.openConnections).toBe(1);
  });

  test("what was received before it is still answered; what waited does not wait for that", async () => {
    await using setting = await start({ maxConcurrentStreams: 5 });
    const { fake, client } = setting;
    const gate = Promise.withResolvers<void>();
    fake.respondAlways({ kind: "slow", until: () => gate.promise });
    const early = tokens(5).map((each) => client.push(identity, each));
    await fake.waitForInFlight(5);
    const late = client.push(identity, token(9));
    fake.goAway();
    await fake.waitForInFlight(6);
    gate.resolve();
    expect((await Promise.all([...early, late])).map(statusOf)).toEqual([200, 200, 200, 200, 200, 200]);
  });

  test("on a connection where nothing happens: the next push opens another", async () => {
    await using setting = await start();
    const { fake, client } = setting;
    await client.push(identity, token(1));
    fake.goAway();
    await fake.waitForConnections(0);
    expect(statusOf(await client.push(identity, token(2)))).toBe(200);
    expect(fake.pushes.map(({ connection }) => connection)).toEqual([1, 2]);
  });
});

describe("trouble on the way", () => {
  test("a reset stream costs only its push", async () => {
    await using setting = await start();
    const { fake, client } = setting;
    fake.failNext({ kind: "reset" }, { token: token(1) });
    fake.failNext({ kind: "reset", code: 8 }, { token: token(2) });
    const answers = await Promise.all(tokens(4).map((each) => client.push(identity, each)));
    expect(answers.map(({ type }) => type)).toEqual(["answered", "unreachable", "unreachable", "answered"]);
    expect(fake.certificates).toHaveLength(1);
  });

  test("a broken connection costs what was in flight; what waited goes over the next", async () => {
    await using setting = await start({ maxConcurrentStreams: 10 });
    const { fake, client } = setting;
    fake.failNext({ kind: "hang" }, { times: 9 });
    fake.failNext({ kind: "drop" });
    const answers = await Promise.all(tokens(100).map((each) => client.push(identity, each)));
    expect(answers.slice(0, 10)).toEqual(tokens(10).map(() => cannot("read ECONNRESET")));
    expect(answers.slice(10).map(statusOf)).toEqual(tokens(90).map(() => 200));
    expect(fake.certificates).toHaveLength(2);
  });

  test("nobody listens: all that wait are told at once", async () => {
    const port = await freePort();
    await using client = createPushClient({ baseUrl: `https://127.0.0.1:${port}`, clock: createFakeClock() });
    const answers = await Promise.all(tokens(50).map((each) => client.push(identity, each)));
    expect(answers).toEqual(tokens(50).map(() => cannot(`connect ECONNREFUSED 127.0.0.1:${port}`)));
    expect(client.openConnections).toBe(0);
  });

  test("a server that is not trusted gets no push", async () => {
    await using fake = await startFakeApns();
    await using client = createPushClient({ baseUrl: fake.url, clock: createFakeClock() });
    expect(await client.push(identity, token(1))).toEqual(cannot("unable to verify the first certificate"));
    expect(fake.answered).toBe(0);
  });

  test("a server with the certificate of another gets no push", async () => {
    await using fake = await startFakeApns({ serverName: "push.example.com" });
    await using client = createPushClient({ baseUrl: fake.url, ca: fake.ca, clock: createFakeClock() });
    expect(await client.push(identity, token(1))).toMatchObject({
      type: "unreachable",
      reason: expect.stringContaining("does not match certificate's altnames"),
    });
    expect(fake.answered).toBe(0);
  });

  test("a server that does not speak HTTP/2", async () => {
    using server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("{}") });
    await using client = createPushClient({ baseUrl: `https://127.0.0.1:${server.port}`, clock: createFakeClock() });
    expect((await client.push(identity, token(1))).type).toBe("unreachable");
  });

  test("a key that cannot be had, or is another's", async () => {
    await using setting = await start();
    const { fake, client } = setting;
    const locked = {
      ...identity,
      privateKeyPem(): string {
        throw new Error("The master key has changed.");
      },
    };
    expect(await client.push(locked, token(1))).toEqual(cannot("The master key has changed."));
    const mixedUp = { ...identity, privateKeyPem: other.privateKeyPem };
    expect((await client.push(mixedUp, token(1))).type).toBe("unreachable");
    expect(statusOf(await client.push(identity, token(1)))).toBe(200);
    expect(fake.certificates).toHaveLength(1);
  });
});

describe("time", () => {
  test("no answer: the push ends, and a connection that has said nothing since is given up", async () => {
    await using setting = await start();
    const { fake, client, clock } = setting;
    await client.push(identity, token(1));
    fake.failNext({ kind: "hang" });
    const answer = client.push(identity, token(2));
    await fake.waitForInFlight(1);
    clock.advance(10_000);
    expect(await answer).toEqual(cannot("no answer within 10 s"));
    await fake.waitForConnections(0);
    expect(statusOf(await client.push(identity, token(3)))).toBe(200);
    expect(fake.certificates).toHaveLength(2);
  });

  test("no answer to one of several: only its stream is taken back", async () => {
    await using setting = await start();
    const { fake, client, clock } = setting;
    fake.failNext({ kind: "hang" });
    const answer = client.push(identity, token(1));
    await fake.waitForInFlight(1);
    expect(statusOf(await client.push(identity, token(2)))).toBe(200);
    clock.advance(9_999);
    expect(fake.inFlight).toBe(1);
    clock.advance(1);
    expect(await answer).toEqual(cannot("no answer within 10 s"));
    await fake.waitForInFlight(0);
    expect(statusOf(await client.push(identity, token(3)))).toBe(200);
    expect(fake.certificates).toHaveLength(1);
  });

  test("a push that waits for its turn has no more time than others", async () => {
    await using setting = await start({ maxConcurrentStreams: 1 });
    const { fake, client, clock } = setting;
    fake.respondAlways({ kind: "hang" });
    const first = client.push(identity, token(1));
    await fake.waitForInFlight(1);
    clock.advance(4_000);
    const second = client.push(identity, token(2));
    clock.advance(6_000);
    expect(await first).toEqual(cannot("no answer within 10 s"));
    // The silent connection was given up, so the second had a new one.
    await fake.waitForPushes(2);
    clock.advance(4_000);
    expect(await second).toEqual(cannot("no answer within 10 s"));
  });

  test("a connection that never comes about", async () => {
    // It takes connections and says nothing.
    using silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const clock = createFakeClock();
    await using client = createPushClient({ baseUrl: `https://127.0.0.1:${silent.port}`, clock, timeoutMs: 5_000 });
    const answers = Promise.all(tokens(3).map((each) => client.push(identity, each)));
    expect(client.openConnections).toBe(1);
    clock.advance(5_000);
    expect(await answers).toEqual(tokens(3).map(() => cannot("no answer within 5 s")));
  });

  test("an idle connection is closed, one in use is not", async () => {
    await using setting = await start();
    const { fake, client, clock } = setting;
    await client.push(identity, token(1));
    clock.advance(59_999);
    await client.push(identity, token(2));
    clock.advance(59_999);
    await client.push(identity, token(3));
    expect(fake.certificates).toHaveLength(1);
    clock.advance(60_000);
    await fake.waitForConnections(0);
    expect(client.openConnections).toBe(0);
    expect(statusOf(await client.push(identity, token(4)))).toBe(200);
    expect(fake.certificates).toHaveLength(2);
  });

  test("a push that is called off", async () => {
    await using setting = await start({ maxConcurrentStreams: 1 });
    const { fake, client } = setting;
    fake.respondAlways({ kind: "hang" });
    const abort = new AbortController();
    const answers = tokens(3).map((each) => client.push(identity, each, abort.signal));
    await fake.waitForInFlight(1);
    abort.abort(new Error("shutting down"));
    expect(await Promise.all(answers)).toEqual(tokens(3).map(() => cannot("shutting down")));
    await fake.waitForInFlight(0);
    expect(fake.answered).toBe(1);
    expect(await client.push(identity, token(1), abort.signal)).toEqual(cannot("the push was called off"));
  });
});

test("closing: what is in flight is answered, what waits is not sent, nothing stays open", async () => {
  await using setting = await start({ maxConcurrentStreams: 2 });
  const { fake, client } = setting;
  const gate = Promise.withResolvers<void>();
  fake.respondAlways({ kind: "slow", until: () => gate.promise });
  const answers = Promise.all(tokens(4).map((each) => client.push(identity, each)));
  await fake.waitForInFlight(2);
  const closing = client[Symbol.asyncDispose]();
  expect(await client.push(identity, token(9))).toEqual(cannot("the server is shutting down"));
  gate.resolve();
  expect((await answers).map(statusOf)).toEqual([
    200,
    200,
    ...tokens(2).map(() => "Apple's push service could not be reached: the server is shutting down"),
  ]);
  await closing;
  expect(client.openConnections).toBe(0);
  await fake.waitForConnections(0);
});
