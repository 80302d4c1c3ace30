import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError, messageOf } from "../errors.ts";
import { createRateLimit, type RateLimit } from "../http/rate-limit.ts";
import { canonicalAccountId } from "../ids.ts";
import type { Log } from "../log.ts";
import { parseApiKey, secretMatches } from "./api-key.ts";
import { type ApiKey, findApiKey, noteApiKeyUse } from "./api-key-store.ts";
import { allows, type Permission } from "./permission.ts";

/** Who calls, as the call itself says. */
export interface Caller {
  readonly apiKey: string | null;
  /** Null where the key alone may say it (`Authorization: Bearer`). */
  readonly accountId: string | null;
  /** Where the call comes from: too many wrong keys from one address are turned away. */
  clientAddress(): string;
}

/** So many at once, then one a second: a person who mistypes never notices, a program that guesses gets nowhere. */
const WRONG_KEYS = { burst: 60, refillMs: 1_000 };
/** A key with a limit may use up ten seconds of it at once: a flow's calls come in bursts. */
const BURST_SECONDS = 10;
const USE_NOTED_EVERY_MS = 60_000;

/** Checks API keys: whose they are, what they may do, and how often. */
export function createAuthenticate({ db, clock, log }: { db: Database; clock: Clock; log: Log }) {
  const wrongKeys = createRateLimit(clock, WRONG_KEYS);
  const limits = new Map<number, RateLimit>();
  const noted = new Map<string, number>();

  function limitOf(perSecond: number): RateLimit {
    const known = limits.get(perSecond);
    if (known) return known;
    const limit = createRateLimit(clock, { burst: perSecond * BURST_SECONDS, refillMs: 1_000 / perSecond });
    limits.set(perSecond, limit);
    return limit;
  }

  /** The key, when it is in force and the account's; whatever is wrong, after the same work. */
  async function find({ apiKey, accountId }: Caller): Promise<ApiKey | undefined> {
    const parts = parseApiKey(apiKey ?? "");
    const stored = await findApiKey(db.read, parts?.id ?? "");
    const matches = secretMatches(parts?.secret ?? "", stored?.secretHash);
    if (!stored || !matches) return undefined;
    const isInForce = stored.revokedAt === null && (stored.expiresAt === null || clock.now() < stored.expiresAt);
    const isOwn = accountId === null || canonicalAccountId(accountId) === stored.accountId;
    return isInForce && isOwn ? stored : undefined;
  }

  /** On its own and without anybody waiting: the call's work must not hang on it. */
  function noteUse({ id, lastUsedAt }: ApiKey): void {
    const now = clock.now();
    if (now - Math.max(lastUsedAt ?? 0, noted.get(id) ?? 0) < USE_NOTED_EVERY_MS) return;
    noted.set(id, now);
    db.transaction(({ query }) => noteApiKeyUse(query, id, now)).catch((error) =>
      log.warn("The last use of an API key could not be noted.", { key: id, error: messageOf(error) }),
    );
  }

  /**
   * The account that the caller's key belongs to. Throws `unauthorized` with the same text whether the key is unknown,
   * wrong, expired, revoked or another account's; `forbidden` when its scope does not allow the call; `rate_limited`.
   */
  return async (caller: Caller, permission: Permission): Promise<{ accountId: string; keyId: string }> => {
    const key = await find(caller);
    if (!key) {
      wrongKeys.take(caller.clientAddress());
      throw new AppError(
        "unauthorized",
        "The API key or the account id is wrong (headers X-API-KEY and X-ACCOUNT-ID).",
      );
    }
    noteUse(key);
    if (key.rateLimit !== null) limitOf(key.rateLimit).take(key.id);
    if (!allows(key.scope, permission)) {
      throw new AppError("forbidden", `This API key may not do that: its scope is "${key.scope}".`);
    }
    return { accountId: key.accountId, keyId: key.id };
  };
}
