import { randomBytes } from "node:crypto";

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";
const SERIAL_LENGTH = 26;

/** 26 characters of lower-case Crockford base32 from 130 random bits: the secret of `/p/:serial`. */
export const newSerial = (): string => base32(SERIAL_LENGTH);

/** Whether `text` has the form of a serial number of ours. */
export const looksLikeSerial = (text: string): boolean => /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);

/** Id of a row that nobody types: `rcp_…`, `sid_…`. */
export const newId = (prefix: string): string => `${prefix}_${base32(20)}`;

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

/** Eight hex digits, the first not zero, so that the id is its own canonical form. */
function hexNumber(): string {
  const bytes = randomBytes(4);
  bytes[0] = (bytes[0] ?? 0) | 0x10;
  return bytes.toString("hex");
}
