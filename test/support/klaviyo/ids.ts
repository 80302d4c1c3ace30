import { createHash } from "node:crypto";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * Identifiers in Klaviyo's formats, derived from a seed and a counter: a failing test shows the same ids when it is run
 * again with the same clock, and two fakes with different account ids never share one.
 */
export interface Ids {
  /** Profiles and custom objects: 26 Crockford base 32 characters, the first ten of them the time. */
  ulid(): string;
  /** Errors, and the uuid of an event. */
  uuid(): string;
  /** Events: eleven opaque characters. */
  short(): string;
  /** Metrics: six opaque characters. */
  code(): string;
  /** Import jobs: unpadded base64 of about 60 characters, made of account, kind, list, second and number (recorded). */
  job(): string;
}

export function createIds(accountId: string, now: () => number): Ids {
  let counter = 0;
  const next = () => createHash("sha256").update(`${accountId}:${counter++}`).digest();
  const letters = (length: number) => next().toString("base64url").replace(/[-_]/g, "x").slice(0, length);

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
    short: () => letters(11),
    code: () => letters(6),
    job() {
      const text = `${accountId}_maintenance.${letters(6)}.${Math.floor(now() / 1_000)}.${letters(6)}`;
      return Buffer.from(text).toString("base64").replaceAll("=", "");
    },
  };
}
