import { decode } from "html-entities";

/** Whether a text speaks of somebody. */
export type Mentions = (text: string) => boolean;

/** Shorter ones ("42") stand in too many texts that are about somebody else. */
const MIN_LENGTH = 5;
/** Without the country code, and whatever stands between its digits. */
const MIN_DIGITS = 7;

/**
 * Finds identifiers in texts that others wrote: in any case, escaped for JSON, HTML or an address, a phone number in any
 * spelling. `identifiers` in canonical form.
 */
export function mentionsOf(identifiers: readonly string[]): Mentions {
  const words = identifiers.filter((text) => text.length >= MIN_LENGTH).map((text) => text.toLowerCase());
  const numbers = identifiers
    .filter((text) => /^\+\d+$/.test(text))
    .map((text) => text.slice(3))
    .filter((digits) => digits.length >= MIN_DIGITS);
  return (text) => {
    const plain = [text, unescaped(text)].map((one) => one.toLowerCase());
    if (words.some((word) => plain.some((one) => holdsWord(one, word)))) return true;
    const packed = text.replace(/[\s()./-]/g, "");
    return numbers.some((digits) => packed.includes(digits));
  };
}

/** Stands in the text by itself: `anna@example.com` is not in `joanna@example.com`. */
function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before = "", after = ""] = [text[at - 1], text[at + word.length]];
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

const unescaped = (text: string): string =>
  decode(text)
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
