import { createHash } from "node:crypto";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Identifiers in Klaviyo's formats, derived from a seed and a counter: a failing test shows the same ids when it is run
 * again with the same clock, and two fakes with different account ids never share one.
 */
export interface Ids {
  /** Profile ids: 26 Crockford base 32 characters, the first ten of them the time. */
  ulid(): string;
  /** Error ids and event uuids. */
  uuid(): string;
  /** Event ids: eleven opaque characters. */
  short(): string;
}

export function createIds(seed: string, now: () => number): Ids {
  let counter = 0;
  const next = () => createHash("sha256").update(`${seed}:${counter++}`).digest();

  return {
    ulid() {
      const random = Array.from(next().subarray(0, 16), (byte) => CROCKFORD.charAt(byte & 31)).join("");
      let time = Math.floor(now());
      let prefix = "";
      for (let index = 0; index < 10; index++) {
        prefix = CROCKFORD.charAt(time % 32) + prefix;
        time = Math.floor(time / 32);
      }
      return prefix + random;
    },
    uuid() {
      const hex = next().toString("hex");
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
    },
    short: () => next().toString("base64url").replace(/[-_]/g, "x").slice(0, 11),
  };
}
