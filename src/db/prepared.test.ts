import { expect, test } from "bun:test";
import SqliteDatabase from "better-sqlite3";
import { drizzle } from "drizzle-orm/better-sqlite3";
import { TEST_NOW } from "../../test/support/clock.ts";
import { ACCOUNT, createTestDatabase } from "../../test/support/database.ts";
import { createOutboxStore } from "../outbox/outbox-store.ts";
import { findNewestPass, passesOfRecipient } from "../passes/pass-store.ts";
import type { Transaction } from "./database.ts";
import * as schema from "./schema.ts";

test("prepared queries go by an index and compare with no bare parameter, which would have them planned at every run", async () => {
  using opened = await createTestDatabase();
  const client = new SqliteDatabase(opened.path);
  const asked = new Map<string, unknown[]>();
  const query = drizzle(client, { schema, logger: { logQuery: (text, params) => void asked.set(text, params) } });
  const outbox = createOutboxStore({
    ...opened.db,
    read: query,
    transaction: (work) => work({ query, afterCommit() {} } satisfies Transaction),
  });
  const job = { kind: "a", channel: "klaviyo", orderingKey: "k", idempotencyKey: "i", nature: "event" } as const;
  await outbox.enqueue({ query, afterCommit() {} }, [{ accountId: ACCOUNT, payload: {}, ...job }], TEST_NOW);
  for (const leased of await outbox.claim(["a"], TEST_NOW, 10, 1_000)) await outbox.finish(leased);
  await findNewestPass(query, "ptk_0x1", "rcp_1", "live");
  await passesOfRecipient(query, "rcp_1");

  expect(asked.size).toBeGreaterThan(8);
  for (const [text, params] of asked) {
    expect([text, /(=|<|>|<>|<=|>=) \?/.test(text.replace(/^update .* where/, ""))]).toEqual([text, false]);
    const plan = client.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${text}`).all(...params);
    const steps = plan.map(({ detail }) => detail).filter((step) => !/^SCAN (json_each|outbox_lanes)/.test(step));
    expect([text, ...steps.filter((step) => /^SCAN|passes_newest_of_template/.test(step))]).toEqual([text]);
  }
  client.close();
});
