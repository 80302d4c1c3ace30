import type { Clock } from "../clock.ts";
import type { KlaviyoClient } from "./client.ts";
import type { ConnectionStore } from "./connection-store.ts";
import { checkKey, type KeyCheck } from "./key-check.ts";
import { probeScopes, type ReadableAccount, type ScopeReport } from "./scopes.ts";

/** What Klaviyo said of an account's key, and when it was asked (ms). */
export interface CheckedKey {
  readonly key: KeyCheck;
  /** Null where the key itself is no good. */
  readonly scopes: ScopeReport | null;
  readonly at: number;
}

export type KeyChecks = ReturnType<typeof createKeyChecks>;

export interface KeyCheckDependencies {
  readonly clock: Clock;
  readonly client: KlaviyoClient;
  readonly store: ConnectionStore;
}

const KEPT_MS = 60_000;
/** Klaviyo allows the question fifteen times a minute. */
const AGAIN_AFTER_MS = 10_000;

interface Entry {
  readonly apiKey: string;
  readonly at: number;
  readonly answer: Promise<CheckedKey>;
}

/** Asks Klaviyo about keys, and remembers the answer for a minute, whoever wants to know. */
export function createKeyChecks({ clock, client, store }: KeyCheckDependencies) {
  const known = new Map<string, Entry>();

  function remember(accountId: string, apiKey: string, ask: (at: number) => Promise<CheckedKey>): Promise<CheckedKey> {
    const at = clock.now();
    const answer = ask(at);
    known.set(accountId, { apiKey, at, answer });
    return answer;
  }

  const askAll = (apiKey: string) => async (at: number) => {
    const key = await checkKey(client, apiKey);
    return { key, scopes: key.state === "valid" ? await probeScopes(client, apiKey, key) : null, at };
  };

  /** Nothing where the account has no key. */
  async function check(accountId: string, keptMs: number): Promise<CheckedKey | null> {
    const connection = await store.open(accountId);
    if (connection.mode !== "live") return null;
    const { apiKey } = connection;
    const entry = known.get(accountId);
    if (entry?.apiKey === apiKey && clock.now() - entry.at < keptMs) return entry.answer;
    return remember(accountId, apiKey, askAll(apiKey));
  }

  return {
    /** The answer of the last minute, or a new one; null where the account has no key. */
    of: (accountId: string): Promise<CheckedKey | null> => check(accountId, KEPT_MS),

    /** A new answer, unless Klaviyo was asked just now. */
    again: (accountId: string): Promise<CheckedKey | null> => check(accountId, AGAIN_AFTER_MS),

    /** Which scopes a key lacks that was found valid just now; null where the account has none. */
    async scopesOf(accountId: string, checked: ReadableAccount): Promise<ScopeReport | null> {
      const connection = await store.open(accountId);
      if (connection.mode !== "live") return null;
      const { apiKey } = connection;
      const { scopes } = await remember(accountId, apiKey, async (at) => ({
        key: { state: "valid", klaviyoAccountId: null, organizationName: null, canReadAccount: checked.canReadAccount },
        scopes: await probeScopes(client, apiKey, checked),
        at,
      }));
      return scopes;
    },
  };
}
