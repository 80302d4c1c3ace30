import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseAllowance } from "../src/webhooks/destinations.ts";
import { type Answer, createSender, type SenderOptions } from "../src/webhooks/sender.ts";
import { eventually } from "./support/eventually.ts";
import { RECEIVER_HOST, type Receiver, startReceiver } from "./support/receiver.ts";

const MESSAGE = { headers: { "content-type": "application/json" }, body: '{"data":{}}' };
/** Long enough for loopback, short enough to wait for. */
const PATIENCE_MS = 300;

const at = (...addresses: readonly string[]) =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver[Symbol.asyncDispose]());

/** Sends to the receiver's URL, or another, with what the options change. */
function send(options: Partial<SenderOptions> & { readonly allow?: string; readonly url?: string } = {}) {
  const { allow = RECEIVER_HOST, url = receiver.url, ...more } = options;
  const sender = createSender({ allowance: parseAllowance(allow), ...receiver.network, ...more });
  return sender(url, MESSAGE);
}

/** Nothing arrives while `work` runs. */
async function expectUntouched<T>(work: () => Promise<T>): Promise<T> {
  const before = receiver.deliveries.length;
  const result = await work();
  expect(receiver.deliveries.length).toBe(before);
  return result;
}

describe("the name", () => {
  test("is resolved once, and the connection goes to what was judged", async () => {
    const asked: string[] = [];
    const answer = await send({
      async resolve(host) {
        asked.push(host);
        return at("127.0.0.1");
      },
    });
    expect([answer.type, asked]).toEqual(["answered", [RECEIVER_HOST]]);
  });

  test.each([
    ["at once", [at("127.0.0.1")]],
    ["beside a public address", [at("93.184.216.34", "127.0.0.1")]],
    ["mapped into IPv6", [at("::ffff:127.0.0.1")]],
  ])("that leads to this machine %s is refused", async (_, [addresses = []]) => {
    const answer = await expectUntouched(() => send({ allow: "", resolve: async () => addresses }));
    expect(answer).toMatchObject({
      type: "unreachable",
      reason: expect.stringMatching(/^the URL leads to .*127\.0\.0\.1, which is not on the public/) as unknown,
    });
  });

  test("that leads to a public address first and to this machine when it is asked again gains nothing", async () => {
    let asked = 0;
    const resolve = async () => at(asked++ === 0 ? "192.0.2.1" : "127.0.0.1");
    // 192.0.2.1 is nobody's (RFC 5737), and stands for a public address here.
    const answer = await expectUntouched(() => send({ allow: "192.0.2.1", resolve, timeoutMs: PATIENCE_MS }));
    expect([answer.type, asked]).toEqual(["unreachable", 1]);
  });

  test("is what the certificate must be for, though the connection goes to an address", async () => {
    const url = receiver.url.replace(RECEIVER_HOST, "other.example.com");
    const answer = await expectUntouched(() => send({ url, allow: "127.0.0.1" }));
    expect(answer).toMatchObject({ type: "unreachable", reason: expect.stringContaining("altnames") as unknown });
  });

  test("that nobody knows, or that takes too long to find", async () => {
    const unknown = async () => {
      throw new Error("getaddrinfo ENOTFOUND");
    };
    expect(await send({ resolve: unknown })).toEqual({
      type: "unreachable",
      reason: `${RECEIVER_HOST} cannot be found (getaddrinfo ENOTFOUND)`,
    });
    expect(await send({ resolve: () => new Promise(() => {}), timeoutMs: 20 })).toEqual({
      type: "unreachable",
      reason: "no answer within 0.02 s",
    });
    expect(await send({ resolve: async () => [] })).toMatchObject({ type: "unreachable" });
  });
});

test("a certificate of an authority that nobody trusts is refused", async () => {
  const sender = createSender({ allowance: parseAllowance(RECEIVER_HOST), resolve: async () => at("127.0.0.1") });
  const answer = await expectUntouched(() => sender(receiver.url, MESSAGE));
  expect(answer).toMatchObject({ type: "unreachable", reason: expect.stringContaining("certificate") as unknown });
});

test("http goes to private addresses that are allowed, and nowhere else", async () => {
  await using plain = await startReceiver({ plain: true });
  expect(await send({ url: plain.url, allow: "127.0.0.0/8" })).toMatchObject({ type: "answered", status: 200 });
  expect(await send({ url: plain.url, allow: "10.0.0.0/8" })).toMatchObject({ type: "unreachable" });
  const named = plain.url.replace("127.0.0.1", "hooks.internal");
  expect(await send({ url: named, allow: "hooks.internal", resolve: async () => at("8.8.8.8") })).toMatchObject({
    type: "unreachable",
    reason: expect.stringContaining("must begin with https://") as unknown,
  });
  expect(plain.deliveries).toHaveLength(1);
});

test("a redirect is an answer like any other", async () => {
  await using elsewhere = await startReceiver({ plain: true });
  for (const status of [301, 302, 307, 308]) {
    receiver.plan({ status, headers: { location: elsewhere.url } });
    expect(await send({ allow: `${RECEIVER_HOST} 127.0.0.1` })).toMatchObject({ type: "answered", status });
  }
  expect(elsewhere.deliveries).toEqual([]);
});

test("proxies that the environment names are not used", async () => {
  const before = { ...process.env };
  Object.assign(process.env, { HTTPS_PROXY: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" });
  try {
    expect(await send()).toMatchObject({ type: "answered", status: 200 });
  } finally {
    process.env = before;
  }
});

describe("a receiver that", () => {
  const HEAD = "HTTP/1.1 200 OK\r\n";
  const forever = (socket: Socket, text: string) => {
    const timer = setInterval(() => socket.write(text), 1);
    socket.on("close", () => clearInterval(timer));
  };
  const answered = (body: string) => ({ type: "answered", status: 200, body, retryAfter: null });
  const unreachable = (reason: RegExp) => ({ type: "unreachable", reason: expect.stringMatching(reason) as unknown });
  const LATE = unreachable(/^no answer within 0\.3 s$/);

  test.each<[string, (socket: Socket) => void, object]>([
    ["never answers", () => {}, LATE],
    ["says 100 for ever", (socket) => forever(socket, "HTTP/1.1 100 Continue\r\n\r\n"), LATE],
    ["hangs up", (socket) => socket.end(), unreachable(/hang up|closed/)],
    ["resets the connection", (socket) => socket.resetAndDestroy(), unreachable(/ECONNRESET/)],
    ["speaks something else", (socket) => socket.end("220 mail ESMTP\r\n\r\n"), unreachable(/Parse Error/)],
    [
      "sends headers for ever",
      (socket) => forever(socket, `x-a: ${"a".repeat(9_999)}\r\n`),
      unreachable(/Parse Error/),
    ],
    ["changes the protocol", (socket) => socket.write("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n"), { status: 101 }],
    ["breaks off", (socket) => socket.end(`${HEAD}content-length: 9\r\n\r\nabc`), answered("abc")],
    ["stalls in its body", (socket) => socket.write(`${HEAD}content-length: 9\r\n\r\nabc`), answered("abc")],
    [
      "sends a body for ever",
      (socket) => {
        socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
        forever(socket, `1000\r\n${"a".repeat(4_096)}\r\n`);
      },
      answered("a".repeat(2_048)),
    ],
    ["answers with no text", (socket) => socket.end(`${HEAD}content-length: 2\r\n\r\n\xff\xfe`), { status: 200 }],
  ])("%s", async (_, behave, expected) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => {});
      behave(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const begun = performance.now();
    const answer: Answer = await send({
      ...{ url: `http://127.0.0.1:${port}/`, allow: "127.0.0.1", timeoutMs: PATIENCE_MS },
    });
    expect(performance.now() - begun).toBeLessThan(PATIENCE_MS + 2_000);
    for (const socket of sockets) socket.destroy();
    server.close();
    expect(answer).toMatchObject(expected);
  });
});

test("a body without end is not waited for", async () => {
  let left = false;
  receiver.plan((_delivery, response) => {
    const timer = setInterval(() => response.write("a".repeat(4_096)), 1);
    response.on("close", () => {
      clearInterval(timer);
      left = true;
    });
  });
  // Fails by the test's own time limit if the sender reads on.
  expect(await send({ timeoutMs: 10 * 60_000 })).toMatchObject({ type: "answered", status: 200 });
  await eventually("the connection is closed", () => left);
});

test("a delivery that is called off ends at once", async () => {
  const abort = new AbortController();
  receiver.plan(() => abort.abort(new Error("shutting down")));
  const sender = createSender({ allowance: parseAllowance(RECEIVER_HOST), ...receiver.network });
  expect(await sender(receiver.url, MESSAGE, abort.signal)).toMatchObject({ type: "unreachable" });
});
