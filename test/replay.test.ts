import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import type { PassObject } from "../src/api/pass-object.ts";
import type { RejectedRequest } from "../src/passes/rejected-store.ts";
import { startTestApp, type TestApp } from "./support/app.ts";
import { cli, cliJson } from "./support/cli.ts";
import { cardWith } from "./support/template.ts";

let shop: TestApp;
let template: string;

beforeEach(async () => {
  shop = await startTestApp();
  template = await shop.pushTemplate({ definition: definition() });
});
afterEach(() => shop[Symbol.asyncDispose]());

const definition = (more: object = {}) => cardWith({ points: { type: "number" }, level: { type: "text" }, ...more });
/** The operator adds the field that the flow sends. */
const addTier = (repeat: "reuse" | "new" = "reuse") =>
  shop.pushTemplate({ id: template, definition: { ...definition({ tier: { type: "text" } }), repeat } });

const call = (path: string, body: unknown, headers: Record<string, string> = {}, method = "POST") =>
  shop.request(`/v1/passes${path}`, {
    method,
    headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
/** A call that must be refused; answers how it is kept. */
async function refused(...args: Parameters<typeof call>): Promise<RejectedRequest> {
  const { status } = await call(...args);
  const [kept] = await list();
  expect([status, kept?.status]).toEqual([status, status]);
  expect(status).toBeGreaterThanOrEqual(400);
  if (!kept) throw new Error("nothing was kept");
  return kept;
}
const list = async () => (await shop.app.rejected.list(shop.accountId, { limit: 1_000 })).items;
const ids = async () => (await list()).map(({ id }) => id).reverse();
const data = () => ["--data", shop.dataDir];
const replay = (...args: (string | number)[]) => cli("pass", "replay", ...args.map(String), ...data());
const replayJson = <T = PassObject>(...args: (string | number)[]) =>
  cliJson<T>("pass", "replay", ...args.map(String), ...data());
/** The same in the server's own process and time. */
const again = (id: number) => shop.app.replayer.replay(id) as Promise<PassObject>;
const load = async (serial: string) => (await shop.app.links.load(serial)).pass;
const passCount = async () => (await shop.app.db.read.query.passes.findMany()).length;
const tierFor = (email: string) => ({ passTemplate: template, pass: { tier: "Gold" }, recipient: { email } });

describe("a refused call is sent again as it came", () => {
  test("issuing: after the template was mended, with the flow and the key of the call", async () => {
    const body = { ...tierFor("a@example.com"), pass: { tier: "Gold", points: { add: "20.0" } } };
    const headers = { "x-klaviyo-flow-id": "F1", "idempotency-key": "event-1" };
    const { id } = await refused("", body, headers);
    await addTier();
    const answer = await again(id);
    expect(answer).toMatchObject({ status: "issued", pass: { tier: "Gold", points: "20" } });
    expect(await load(answer.serialNumber)).toMatchObject({ flowId: "F1" });
    expect(await list()).toEqual([]);
    // Klaviyo's own repeat, should there be one, is the same delivery.
    const repeat = (await (await call("", body, headers)).json()) as PassObject;
    expect(repeat).toEqual(answer);
    // And what must follow is promised as for any other.
    expect((await shop.app.outbox.ofOrderingKey(answer.serialNumber)).length).toBeGreaterThan(0);
  });

  test("changing: by serial number and by the person, merged or replaced, voided and deleted", async () => {
    const recipient = { email: "b@example.com" };
    const pass = await shop.issue({ passTemplate: template, pass: { level: "1" }, recipient });
    const path = `/${template}/${pass.serialNumber}`;
    const tier = { pass: { tier: "Gold" } };
    const changes = [
      await refused(`${path}/`, tier),
      await refused(path, { pass: { tier: "Silver" } }, {}, "PATCH"),
      await refused(path, { pass: { points: 3, tier: "Bronze" } }, {}, "PUT"),
      await refused(`/${template}/by-recipient`, { recipient, pass: { tier: "Platinum", points: { add: 1 } } }),
    ];
    await addTier();
    const answers: PassObject[] = [];
    for (const { id } of changes) answers.push(await again(id));
    expect(answers.map((answer) => answer.pass)).toEqual([
      { level: "1", tier: "Gold" },
      { level: "1", tier: "Silver" },
      { points: "3", tier: "Bronze" },
      { points: "4", tier: "Platinum" },
    ]);
    const gone = { recipient: { email: "later@example.com" } };
    const ends: RejectedRequest[] = [];
    for (const word of ["void", "unvoid", "delete"])
      ends.push(await refused(`/${template}/by-recipient/${word}`, gone));
    const later = await shop.issue({ passTemplate: template, pass: {}, ...gone });
    const statuses: string[] = [];
    for (const { id } of ends) statuses.push((await again(id)).status);
    expect(statuses).toEqual(["voided", "issued", "deleted"]);
    expect((await load(later.serialNumber)).state).toBe("deleted");
    expect(await list()).toEqual([]);
  });

  test("what was issued meanwhile is not issued a second time: by its key, its body or its person", async () => {
    await addTier("new");
    template = await shop.pushTemplate({ id: template, definition: { ...definition(), repeat: "new" } });
    const keyed = { ...tierFor("c@example.com"), idempotencyKey: "event-2" };
    const kept = [await refused("", keyed), await refused("", tierFor("d@example.com"), { "x-klaviyo-flow-id": "F" })];
    await addTier("new");
    const issued = [
      (await (await call("", keyed)).json()) as PassObject,
      (await (await call("", tierFor("d@example.com"), { "x-klaviyo-flow-id": "F" })).json()) as PassObject,
    ];
    for (const [i, { id }] of kept.entries()) expect(await again(id)).toEqual(issued[i] ?? ({} as PassObject));
    expect(await passCount()).toBe(2);
  });

  test("fifty replays of one call at once: one of them counts", async () => {
    const recipient = { email: "e@example.com" };
    const { id } = await refused(`/${template}/by-recipient`, { recipient, pass: { points: { add: 5 } } });
    const pass = await shop.issue({ passTemplate: template, pass: { points: 10 }, recipient });
    const replays = Array.from({ length: 50 }, () => shop.app.replayer.replay(id));
    const outcomes = await Promise.allSettled(replays);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await load(pass.serialNumber)).values["points"]).toBe("15");
  });
});

describe("a call that is refused again", () => {
  test("stays, with the new reason; the command ends with 1", async () => {
    const { id, error } = await refused("", { passTemplate: template, pass: { tier: "Gold", points: "many" } });
    await addTier();
    const { status, stdout, stderr } = await replay(id);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('pass.points must be a number such as "70"');
    const [kept] = await list();
    expect(kept).toMatchObject({ id, status: 400, details: [{ path: "pass.points" }] });
    expect([error.includes("tier"), kept?.error.includes("tier")]).toEqual([true, false]);
    expect(await passCount()).toBe(0);
  });

  test("with another status, when that is what it is now", async () => {
    const pass = await shop.issue({ passTemplate: template, pass: {} });
    const { id } = await refused(`/${template}/${pass.serialNumber}`, { pass: { points: "many" } });
    await call(`/${template}/${pass.serialNumber}/delete`, "");
    expect((await replay(id)).status).toBe(1);
    expect((await list())[0]).toMatchObject({ id, status: 409, error: "This pass was deleted; issue a new one." });
  });

  test("for trouble that passes keeps its reason", async () => {
    const kept = await refused("", tierFor("f@example.com"));
    await addTier();
    const other = new SqliteDatabase(join(shop.dataDir, "passhook.db"));
    other.exec("BEGIN IMMEDIATE");
    // The patience of the database ends soon.
    let now = performance.now();
    spyOn(performance, "now").mockImplementation(() => {
      now += 500;
      return now;
    });
    expect((await replay(kept.id)).stderr).toContain("Try again shortly");
    expect((await replay("--all")).stderr).toContain("Try again shortly");
    spyOn(performance, "now").mockRestore();
    other.close();
    expect(await list()).toEqual([kept]);
    expect((await replay(kept.id)).status).toBe(0);
  });
});

describe("another body", () => {
  const bodyFile = (content: string) => {
    const file = join(shop.dataDir, "body.json");
    writeFileSync(file, content);
    return ["--body-file", file];
  };

  test("takes the place of the one that was kept", async () => {
    const { id } = await refused("", { passTemplate: template, pass: { levle: "Gold" } }, { "x-klaviyo-flow-id": "F" });
    const file = bodyFile(JSON.stringify({ passTemplate: template, pass: { level: "Gold" } }));
    const answer = await replayJson(id, ...file);
    expect(answer.pass).toEqual({ level: "Gold" });
    expect((await load(answer.serialNumber)).flowId).toBe("F");
    expect(await list()).toEqual([]);
  });

  test("that is refused as well leaves the call as it was", async () => {
    const kept = await refused("", { passTemplate: template, pass: { levle: "Gold" } });
    for (const [content, reason] of [
      [JSON.stringify({ passTemplate: template, pass: { lvl: "Gold" } }), /pass\.lvl is not a field/],
      ["not JSON", /must be a JSON object/],
      ["x".repeat(64 * 1024 + 1), /larger than 64 KB/],
    ] as const) {
      const { status, stderr } = await replay(kept.id, ...bodyFile(content));
      expect(stderr).toMatch(reason);
      expect(status).toBe(1);
    }
    expect((await replay(kept.id, "--body-file", "/nowhere")).stderr).toContain("The body cannot be read");
    expect(await list()).toEqual([kept]);
  });

  const SECRET = "Bearer eyJhbGciOiJIUzI1NiJ9.e30";
  const large = () => JSON.stringify({ passTemplate: template, pass: { level: "x".repeat(64 * 1024) } });
  test.each<[string, () => string | Uint8Array<ArrayBuffer>]>([
    ["a secret in it was masked", () => JSON.stringify({ passTemplate: template, pass: { level: SECRET, tier: "" } })],
    ["it was too large", large],
    ["it was not text", () => Uint8Array.from(Buffer.from(`{"pass":{"level":"M\xfcller"}}`, "latin1"))],
  ])("is needed where %s: nothing is issued with what is left of it", async (_, sent) => {
    await shop.request("/v1/passes", {
      method: "POST",
      headers: { "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
      body: sent(),
    });
    await addTier();
    const [kept] = await cliJson<{ items: (RejectedRequest & { replayable: string })[] }>(
      "pass",
      "rejected",
      ...data(),
    ).then(({ items }) => items);
    expect(kept).toMatchObject({ verbatim: false, replayable: "with another body" });
    const { status, stderr } = await replay(kept?.id ?? 0);
    expect(stderr).toMatch(/not kept as it was sent: a secret in it was masked, it was too large, or it was not text/);
    expect([status, await passCount()]).toEqual([1, 0]);
    const file = bodyFile(JSON.stringify({ passTemplate: template, pass: { level: "Gold" } }));
    expect((await replayJson(kept?.id ?? 0, ...file)).pass).toEqual({ level: "Gold" });
  });

  test("is not needed for people and companies who are called as a secret begins", async () => {
    const names = ["Bearer Featherstonehaugh", "Bearer & Sons", "Ana Bearer 2nd", 'the "Bearer" of good news'];
    for (const level of names) {
      const { id, verbatim } = await refused("", { passTemplate: template, pass: { level, tier: "Gold" } });
      expect([level, verbatim]).toEqual([level, true]);
      await addTier();
      expect((await replayJson(id)).pass["level"]).toBe(level);
      await shop.pushTemplate({ id: template, definition: definition() });
    }
  });
});

describe("whose call it is", () => {
  test("the account is the call's own; another one's is not found", async () => {
    const other = await shop.app.accounts.create("Another shop");
    const { id } = await refused("", tierFor("g@example.com"));
    await addTier();
    const { status, stderr } = await replay(id, "--account", other.id);
    expect([status, stderr]).toEqual([1, `passhook: There is no refused request ${id}.\n`]);
    expect((await replayJson(id)).status).toBe("issued");
    expect((await replay(id)).stderr).toContain(`There is no refused request ${id}.`);
  });

  test("of a call whose key was refused, the operator says it; it is not among all of them", async () => {
    const body = { passTemplate: template, pass: { level: "Gold" } };
    const { id, accountId } = await refused("", body, { "x-api-key": "wrong" });
    expect(accountId).toBeNull();
    expect(await replayJson<object>("--all")).toEqual({ replayed: 0, failed: 0, items: [], next: null });
    const { status, stderr } = await replay(id);
    expect(stderr).toContain(`The key of request ${id} was refused: say which account it is for.`);
    expect(status).toBe(1);
    expect((await replayJson(id, "--account", shop.accountId)).pass).toEqual({ level: "Gold" });
    expect(await list()).toEqual([]);
  });
});

describe("all of them", () => {
  test("the oldest first, with a summary; what is refused again stays", async () => {
    const recipient = { email: "h@example.com" };
    const send = (tier: string) => refused("", { passTemplate: template, pass: { tier }, recipient });
    const kept = [
      await send("1"),
      await refused("", { passTemplate: template, pass: { zodiac: "x" } }),
      await send("2"),
    ];
    await addTier();
    const { status, stdout, stderr } = await replay("--all", "--json");
    const summary = JSON.parse(stdout);
    expect([status, stderr]).toEqual([1, "passhook: 1 calls were refused again.\n"]);
    expect(summary).toMatchObject({
      replayed: 2,
      failed: 1,
      items: [
        { id: kept[0]?.id, ok: true, answer: { pass: { tier: "1" } } },
        { id: kept[1]?.id, ok: false, error: expect.stringContaining("zodiac") },
        { id: kept[2]?.id, ok: true, answer: { pass: { tier: "2" } } },
      ],
    });
    expect(await ids()).toEqual([kept[1]?.id ?? 0]);
    expect((await replay("--all")).stdout).toContain("0 replayed, 1 refused again.");
  });

  test("since a day, or a time", async () => {
    const send = (email: string) => refused("", tierFor(email));
    const first = await send("i@example.com");
    shop.clock.advance(24 * 3_600_000);
    await send("j@example.com");
    shop.clock.advance(1_000);
    await send("k@example.com");
    await addTier();
    const replayed = async (since: string) =>
      (await replayJson<{ replayed: number }>("--all", "--since", since)).replayed;
    expect(await replayed("2026-11-22T12:00:01Z")).toBe(1);
    expect(await replayed("2026-11-22")).toBe(1);
    expect(await ids()).toEqual([first.id]);
    expect(await replayed("2026-11-21")).toBe(1);
  });
});

test("the list says what can be replayed, and how", async () => {
  await refused("", tierFor("l@example.com"));
  await refused("", { passTemplate: template, pass: { tier: "Bearer eyJhbGciOiJIUzI1NiJ9" } });
  const client = new SqliteDatabase(join(shop.dataDir, "passhook.db"));
  client.exec(
    "INSERT INTO rejected_requests (account_id, at, route, status, error, details, body) SELECT account_id, at, route, status, error, details, body FROM rejected_requests LIMIT 1",
  );
  client.close();
  const { items } = await cliJson<{ items: { id: number; replayable: string }[] }>("pass", "rejected", ...data());
  expect(items.map(({ replayable }) => replayable)).toEqual(["no", "with another body", "yes"]);
  const [old, masked, whole] = items.map(({ id }) => id);
  const { stdout } = await cli("pass", "rejected", ...data());
  expect(stdout).toContain(`  passhook pass replay ${whole}\n`.trimEnd());
  expect(stdout).toContain(`passhook pass replay ${masked} --body-file FILE`);
  expect(stdout).toContain("cannot be replayed");
  expect((await replay(old ?? 0)).stderr).toContain("(POST /v1/passes) is not one that can be replayed");
});

test("a look that was refused is not kept: nothing is lost with it", async () => {
  expect((await call(`/${template}/00000000000000000000000000`, "", {}, "POST")).status).toBe(400);
  const before = await ids();
  const headers = { "x-api-key": shop.apiKey, "x-account-id": shop.accountId };
  expect((await shop.request(`/v1/passes/${template}/00000000000000000000000000`, { headers })).status).toBe(404);
  expect((await shop.request("/v1/passes/x/y")).status).toBe(401);
  expect(await ids()).toEqual(before);
});

test.each([
  ["", /give the id of a call, or --all/],
  ["1 --all", /give the id of a call, or --all/],
  ["one", /"one" is not the id of a refused call/],
  ["1 --since 2026-11-21", /--since goes with --all/],
  ["--all --since yesterday", /"yesterday" is not a date such as 2026-11-21/],
  ["--all --body-file x", /--body-file is for one call/],
])("wrong use: pass replay %s", async (line, message) => {
  const { status, stderr } = await replay(...line.split(" ").filter(Boolean));
  expect(stderr).toMatch(message);
  expect(status).toBe(2);
});
