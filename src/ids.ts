import { randomBytes } from "node:crypto";

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";
/** 32^5 minutes are 63 years. */
const FIRST_MINUTE = Date.UTC(2026, 0, 1) / 60_000;

/**
 * 26 characters of lower-case Crockford base32: five for the minute, then 105 random bits, the secret of `/p/:serial`.
 * What is issued together lies together in every index, so that with a million passes a new one writes to a few pages
 * that are at hand, not to many that lie anywhere (docs/performance.md).
 */
export const newSerial = (now: number): string => minuteText(now) + base32(21);

/** Whether `text` has the form of a serial number of ours. */
export const looksLikeSerial = (text: string): boolean => /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);

/** Id of a row that nobody types: `csr_…`, `sid_…`. */
export const newId = (prefix: string): string => `${prefix}_${base32(20)}`;

/** `rcp_…`, which begins with the minute as serial numbers do. */
export const newRecipientId = (now: number): string => `rcp_${minuteText(now)}${base32(15)}`;

export const newAccountId = (): string => `aid_0x${hexNumber()}`;
export const newTemplateId = (): string => `ptk_0x${hexNumber()}`;

/** As PassNinja's clients may write it: any case, leading zeros, `aid_0x2` or a bare decimal. */
export function canonicalAccountId(given: string): string {
  const text = given.trim().toLowerCase();
  if (/^\d{1,15}$/.test(text)) return `aid_0x${Number(text).toString(16).padStart(3, "0")}`;
  return text.replace(/^aid_0x0*([0-9a-f]*)$/, (_, digits: string) => `aid_0x${digits.padStart(3, "0")}`);
}

/** As PassNinja's clients may write it: any case and leading zeros. */
export const canonicalTemplateId = (given: string): string =>
  given
    .trim()
    .toLowerCase()
    .replace(/^ptk_0x0+(?=[0-9a-f])/, "ptk_0x");

/** One character is five bits of one random byte. */
function base32(length: number): string {
  let text = "";
  for (const byte of randomBytes(length)) text += CROCKFORD[byte & 31];
  return text;
}

/** Five characters that sort by time. */
function minuteText(now: number): string {
  let rest = Math.max(0, Math.floor(now / 60_000) - FIRST_MINUTE);
  let text = "";
  for (let i = 0; i < 5; i++) {
    text = CROCKFORD.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Eight hex digits, the first not zero, so that the id is its own canonical form. */
function hexNumber(): string {
  const bytes = randomBytes(4);
  bytes[0] = (bytes[0] ?? 0) | 0x10;
  return bytes.toString("hex");
}
