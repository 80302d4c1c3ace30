import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { ErrorObject } from "../src/api/schemas/error.ts";
import { type Scene, startDocumentedShop } from "./support/documented-calls.ts";
import { BAD_CREDENTIALS, type Credentials, type HostileRequest, hostileRequests } from "./support/hostile-requests.ts";
import type { KnownOperation } from "./support/openapi.ts";
import { type RawText, sendRawBytes, sendRawText } from "./support/raw-request.ts";

/**
 * Whatever is sent to the API: no fault of the server, no hang, no answer that is not documented, nothing of the inside,
 * and nothing of another account. `FUZZ_RUNS` is the number of requests to each operation, `FUZZ_SEED` another series.
 */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 30);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);
const SLOW_MS = 1_000;

const faults: string[] = [];
const here = await startDocumentedShop({
  log: { info() {}, warn() {}, error: (message, fields) => void faults.push(`${message} ${JSON.stringify(fields)}`) },
});
const { shop, known, prepareScene } = here;
const port = shop.app.http.listen({ hostname: "127.0.0.1", port: 0 }).server?.port ?? 0;
afterAll(() => here[Symbol.asyncDispose]());

/** Somebody else's account: nothing of it may change, and nothing of it may be seen. */
const theirs = await prepareScene();
const untouched = rowsOf(theirs.accountId);

/** Stack traces, places in the code, the database's own words, what JavaScript says of undefined. */
const INSIDE =
  /\bat [^ ]+ \(|\.tsx?\b|node_modules|\/src\/|passhook\.db|SQLITE|sqlite|drizzle|TypeError|undefined|\[object/;

describe.each(known.operations.map((operation) => [operation.id, operation] as const))("%s", (_, operation) => {
  test("survives what it is sent", async () => {
    const scene = await prepareScene();
    const headersFor = await credentialsOf(scene);
    await fc.assert(
      fc.asyncProperty(hostileRequests(operation, { own: scene.ids, theirs: theirs.ids }), async (request) => {
        const { method, target, body } = request;
        const all = [...headersFor[request.credentials], ...request.headers];
        check(operation, request, await inTime(() => sendRawText(port, method, target, all, body)));
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(faults.splice(0)).toEqual([]);
  });
});

/** A busy machine may stand still for a moment, though not for the same request three times. */
async function inTime(send: () => Promise<RawText>): Promise<RawText> {
  for (let tries = 0; tries < 3; tries++) {
    const before = performance.now();
    const answer = await send();
    if (performance.now() - before < SLOW_MS) return answer;
  }
  throw new Error(`no answer within ${SLOW_MS} ms`);
}

type HeaderList = readonly (readonly [string, string])[];

async function credentialsOf({ accountId, keys }: Scene): Promise<Readonly<Record<Credentials, HeaderList>>> {
  const { accounts } = shop.app;
  const expired = await accounts.createKey(accountId, "expired", { expiresAt: shop.clock.now() - 1 });
  const revoked = await accounts.createKey(accountId, "revoked");
  await accounts.revokeKey(accountId, revoked.id);
  const pair = (key: string): HeaderList => [
    ["X-API-KEY", key],
    ["X-ACCOUNT-ID", accountId],
  ];
  return {
    good: pair(keys.all),
    bearer: [["Authorization", `Bearer ${keys.all}`]],
    reader: pair(keys.read),
    twice: [...pair(keys.all), ...pair(theirs.keys.all)],
    expired: pair(expired.apiKey),
    revoked: pair(revoked.apiKey),
    theirs: pair(theirs.keys.all),
    half: [["X-API-KEY", keys.all]],
    none: [],
    garbage: pair("phk_00000000_' OR 1=1 --"),
  };
}

function check({ responses, operation }: KnownOperation, { credentials }: HostileRequest, answer: RawText): void {
  const { status, headers, text } = answer;
  const mediaType = headers.get("content-type")?.split(";")[0] ?? "";
  // A part of an address may be what no route has.
  expect([404, ...responses.map((response) => response.status)]).toContain(status);
  expect(status).not.toBe(500);
  expect(text).not.toMatch(INSIDE);
  if (operation.security === undefined && BAD_CREDENTIALS.some((bad) => bad === credentials)) {
    expect(status).toBeGreaterThanOrEqual(400);
  }
  if (status >= 400) checkError(mediaType, text);
  const schema = responses.find((response) => response.status === status)?.content[mediaType]?.schema;
  if (status === 404 && schema === undefined) return;
  expect(schema).toBeDefined();
  expect(known.problemsOf(schema, mediaType === "application/json" ? JSON.parse(text) : text)).toEqual([]);
}

function checkError(mediaType: string, text: string): void {
  expect(mediaType).toBe("application/json");
  const body: unknown = JSON.parse(text);
  if (!Value.Check(ErrorObject, body)) throw new Error(`not of the form of an error: ${text}`);
  expect([body.message, body.msg]).toEqual([body.error, body.error]);
}

/** Everything that the database has of an account. */
function rowsOf(accountId: string): unknown {
  using file = new Database(join(shop.dataDir, "passhook.db"), { readonly: true });
  const tables = file.query<{ name: string }, []>("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const rows = tables.flatMap(({ name }) => {
    const columns = file.query<{ name: string }, []>(`PRAGMA table_info("${name}")`).all();
    if (!columns.some((column) => column.name === "account_id")) return [];
    return file.query(`SELECT * FROM "${name}" WHERE account_id = ?`).all(accountId);
  });
  return rows;
}

describe("what is another account's is answered as what is nowhere", async () => {
  const ours = await prepareScene();
  const ids = Object.keys(theirs.ids).filter((id) => !id.startsWith("https:"));
  const cases = known.operations
    .filter(({ responses }) => responses.some(({ status }) => status === 404))
    .flatMap((operation) =>
      ids
        .filter((id) => JSON.stringify(ours.callOf(operation)).includes(id))
        .map((id) => [operation.id, id, operation] as const),
    );
  test.each(cases)("%s, %s", async (_, id, operation) => {
    const call = ours.callOf(operation);
    const sendWith = (other: string) =>
      ours.send({
        ...call,
        path: call.path.replace(id, other),
        ...(typeof call.body === "string" && { body: call.body.replaceAll(id, other) }),
      });
    const there = theirs.ids[id] ?? "";
    const nowhere = there.replace(/.{4}$/, "0000");
    const [foreign, unknown] = [await sendWith(there), await sendWith(nowhere)];
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(JSON.stringify(foreign.body).replaceAll(there, nowhere)).toBe(JSON.stringify(unknown.body));
  });
});

describe("requests that no client makes", async () => {
  const { keys, accountId } = await prepareScene();
  const credentials = `X-API-KEY: ${keys.read}\r\nX-ACCOUNT-ID: ${accountId}\r\n`;
  const head = (line: string, headers = "") => `${line}\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`;
  const LIST = "/v1/pass_templates HTTP/1.1";
  test.each<[string, string]>([
    ["no request", "\0\0\0\r\n\r\n"],
    ["a TLS handshake", "\u0016\u0003\u0001\u0002\0\u0001\r\n\r\n"],
    ["a method that there is not", head(`BREW ${LIST}`, credentials)],
    ["no host", `GET ${LIST}\r\nConnection: close\r\n${credentials}\r\n`],
    ["a host that is none", `GET ${LIST}\r\nHost: [::1:%zz\r\nConnection: close\r\n${credentials}\r\n`],
    ["a target that is none", head("OPTIONS * HTTP/1.1", credentials)],
    ["a target with a host of its own", head("GET http://[::1:%zz/v1/pass_templates HTTP/1.1", credentials)],
    ["a target with two slashes", head("GET //v1//pass_templates%zz HTTP/1.1", credentials)],
    ["a target that is no address", head("GET ://%%% HTTP/1.1", credentials)],
    ["dots that lead up", head("GET /v1/passes/../../../../etc/passwd HTTP/1.1", credentials)],
    ["a head without an end of more than 16 KB", head(`GET ${LIST}`, `X-More: ${"x".repeat(20_000)}\r\n`)],
    ["a header without a name", head(`GET ${LIST}`, `: x\r\n${credentials}`)],
    ["a length that is no number", head("POST /v1/passes HTTP/1.1", `${credentials}Content-Length: 0x10\r\n`)],
    ["two lengths", head("POST /v1/passes HTTP/1.1", `${credentials}Content-Length: 0\r\nContent-Length: 2\r\n`)],
    [
      "chunks that are none",
      `${head("POST /v1/passes HTTP/1.1", `${credentials}Transfer-Encoding: chunked\r\n`)}zz\r\n`,
    ],
    ["an upgrade", head(`GET ${LIST}`, `${credentials}Upgrade: websocket\r\nConnection: Upgrade\r\n`)],
  ])("%s: an answer or none, and the next one is served", async (_, request) => {
    const { status, text } = await sendRawBytes(port, Buffer.from(request, "latin1"));
    expect(status).not.toBe(500);
    expect(text).not.toMatch(INSIDE);
    expect((await sendRawBytes(port, Buffer.from(head("GET /livez HTTP/1.1")))).status).toBe(200);
    expect(faults.splice(0)).toEqual([]);
  });
});

test("a load balancer that speaks HTTP/1.0 and names no host is answered", async () => {
  for (const path of ["/livez", "/readyz"]) {
    const answer = await sendRawBytes(port, Buffer.from(`GET ${path} HTTP/1.0\r\n\r\n`));
    expect([path, answer.status, answer.text]).toEqual([path, 200, expect.stringMatching(/^\{/)]);
  }
  const { keys, accountId } = await prepareScene();
  const headers = `X-API-KEY: ${keys.read}\r\nX-ACCOUNT-ID: ${accountId}\r\n`;
  const target = "/v1/passes?limit=1";
  const answer = await sendRawBytes(port, Buffer.from(`GET ${target} HTTP/1.0\r\n${headers}\r\n`));
  expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { passes: [expect.anything()], next: null }]);
});

test("afterwards the database is whole, and the other account as it was", () => {
  using file = new Database(join(shop.dataDir, "passhook.db"), { readonly: true });
  expect(file.query("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(file.query("PRAGMA foreign_key_check").all()).toEqual([]);
  expect(rowsOf(theirs.accountId)).toEqual(untouched);
});
