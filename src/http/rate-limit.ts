import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";

export interface RateLimit {
  /** Takes one of the key's tokens. Throws `rate_limited`, with the time until the next, when none is left. */
  take(key: string): void;
}

/** More keys than this at once are an attack: then all are forgotten, which costs less than remembering them. */
const MAX_KEYS = 50_000;

/** A token bucket per key: `burst` at once, then one every `refillMs`. */
export function createRateLimit(clock: Clock, { burst, refillMs }: { burst: number; refillMs: number }): RateLimit {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key) {
      const now = clock.now();
      const bucket = buckets.get(key) ?? { tokens: burst, at: now };
      const tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / refillMs);
      if (tokens < 1) {
        throw new AppError("rate_limited", "Too many requests. Try again shortly.", {
          retryAfterMs: (1 - tokens) * refillMs,
        });
      }
      if (buckets.size >= MAX_KEYS) buckets.clear();
      buckets.set(key, { tokens: tokens - 1, at: now });
    },
  };
}
