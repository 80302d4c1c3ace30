import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

export interface NewApiKey {
  /** The public part: names the key in lists and logs. */
  readonly id: string;
  /** The whole key, shown once. */
  readonly apiKey: string;
  readonly secretHash: string;
}

const PUBLIC_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
const SECRET_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"; // base58: nothing to misread
const API_KEY = /^phk_([0-9a-z]{8})_([0-9A-Za-z]{32})$/;

/** `phk_<8 public>_<32 secret>`: 187 bits of secret, of which only the SHA-256 is stored. */
export function createApiKey(): NewApiKey {
  const id = randomText(PUBLIC_ALPHABET, 8);
  const secret = randomText(SECRET_ALPHABET, 32);
  return { id, apiKey: `phk_${id}_${secret}`, secretHash: hashOf(secret) };
}

/** The parts of a key, or nothing when it is not one of ours. */
export function parseApiKey(text: string): { id: string; secret: string } | undefined {
  const match = API_KEY.exec(text.trim());
  return match?.[1] && match[2] ? { id: match[1], secret: match[2] } : undefined;
}

/** Compares in constant time; a missing hash costs as much as a wrong one. */
export function secretMatches(secret: string, secretHash: string | undefined): boolean {
  const given = createHash("sha256").update(secret).digest();
  const stored = Buffer.from(secretHash ?? NO_HASH, "hex");
  return timingSafeEqual(given, stored) && secretHash !== undefined;
}

const NO_HASH = "0".repeat(64);

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Bytes that would favour some characters are thrown away. */
function randomText(alphabet: string, length: number): string {
  const fair = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length))
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length];
  }
  return text;
}
