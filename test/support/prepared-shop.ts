import SqliteDatabase from "better-sqlite3";
import { startTestApp } from "./app.ts";
import { createFakeClock } from "./clock.ts";
import type { FakeKlaviyo } from "./klaviyo/fake-klaviyo.ts";

/** A data folder with an account, a key, a live connection and templates, for a server process to start on. */
export interface PreparedShop {
  readonly dataDir: string;
  readonly accountId: string;
  /** Of a call to the API. */
  readonly headers: Readonly<Record<string, string>>;
  /** Settings of a server that shall use the fake. */
  readonly env: Readonly<Record<string, string>>;
  /** By the gallery's name. */
  readonly templates: Readonly<Record<string, string>>;
}

export async function prepareShop(
  dataDir: string,
  klaviyo: FakeKlaviyo,
  gallery: readonly string[] = ["points-card"],
): Promise<PreparedShop> {
  await using shop = await startTestApp({ klaviyo, dataDir, clock: createFakeClock(Date.now()) });
  const templates: Record<string, string> = {};
  for (const name of gallery) templates[name] = await shop.pushGallery(name);
  return {
    dataDir,
    accountId: shop.accountId,
    headers: { "content-type": "application/json", "x-api-key": shop.apiKey, "x-account-id": shop.accountId },
    env: { PASSHOOK_KLAVIYO_URL: klaviyo.url },
    templates,
  };
}

/** Rows of a database file, as another process sees them now. */
export function readRows<T>(dataDir: string, query: string): T[] {
  const client = new SqliteDatabase(`${dataDir}/passhook.db`, { readonly: true, timeout: 5_000 });
  try {
    return client.prepare<[], T>(query).all();
  } finally {
    client.close();
  }
}

/** Jobs per state; a state without jobs is left out. */
export function jobCounts(dataDir: string): Record<string, number> {
  const rows = readRows<{ state: string; n: number }>(
    dataDir,
    "SELECT state, count(*) AS n FROM outbox GROUP BY state",
  );
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}
