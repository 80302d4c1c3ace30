import { Database } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { ErrorObject } from "../src/api/schemas/error.ts";
import { type Scene, startDocumentedShop } from "./support/documented-calls.ts";
import { BAD_CREDENTIALS, type Credentials, type HostileRequest, hostileRequests } from "./support/hostile-requests.ts";
import type { KnownOperation } from "./support/openapi.ts";
import { type RawText, sendRawText } from "./support/raw-request.ts";

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
        const before = performance.now();
        const all = [...headersFor[request.credentials], ...request.headers];
        const answer = await sendRawText(port, request.method, request.target, all, request.body);
        expect(performance.now() - before).toBeLessThan(SLOW_MS);
        check(operation, request, answer);
      }),
      { numRuns: RUNS, seed: SEED },
    );
    expect(faults.splice(0)).toEqual([]);
  });
});

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

test("afterwards the database is whole, and the other account as it was", () => {
  using file = new Database(join(shop.dataDir, "passhook.db"), { readonly: true });
  expect(file.query("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(file.query("PRAGMA foreign_key_check").all()).toEqual([]);
  expect(rowsOf(theirs.accountId)).toEqual(untouched);
});
