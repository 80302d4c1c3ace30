import { decode } from "html-entities";
import { findPhoneNumbersInText, isSupportedCountry } from "libphonenumber-js/min";
import { LinkifyIt } from "linkify-it";

/** A part of a text, with the address that it leads to. */
export interface TextPart {
  readonly text: string;
  readonly href?: string;
}

interface Link {
  readonly from: number;
  readonly to: number;
  readonly href: string;
}

export type DataDetector = "PKDataDetectorTypeLink" | "PKDataDetectorTypePhoneNumber";

/** What a link of a pass may lead to: nothing that runs in this page. */
const SAFE = /^(?:https?|mailto|tel|sms|facetime|maps|music):/i;
const LONGEST_SEARCHED = 20_000;

const linkify = new LinkifyIt({ fuzzyLink: true });

/**
 * A value of the back with what Wallet makes links of: web and email addresses, phone numbers (of the viewer's country
 * where they name none). Street addresses and dates, which a phone also recognises, stay text.
 */
export function detectLinks(text: string, detectors: readonly DataDetector[], locale: string): TextPart[] {
  // Nobody reads further, and a pattern has to.
  if (text.length > LONGEST_SEARCHED) return [{ text }];
  const links = [
    ...(detectors.includes("PKDataDetectorTypeLink") ? addressesIn(text) : []),
    ...(detectors.includes("PKDataDetectorTypePhoneNumber") ? phonesIn(text, locale) : []),
  ].sort((a, b) => a.from - b.from);
  const parts: TextPart[] = [];
  let at = 0;
  for (const { from, to, href } of links) {
    if (from < at || !SAFE.test(href)) continue;
    parts.push({ text: text.slice(at, from) }, { text: text.slice(from, to), href });
    at = to;
  }
  return [...parts, { text: text.slice(at) }].filter((part) => part.text !== "");
}

const addressesIn = (text: string): Link[] =>
  (linkify.match(text) ?? []).map(({ index, lastIndex, url }) => ({ from: index, to: lastIndex, href: url }));

function phonesIn(text: string, locale: string): Link[] {
  const region = new Intl.Locale(locale).maximize().region;
  const defaultCountry = region !== undefined && isSupportedCountry(region) ? region : undefined;
  return findPhoneNumbersInText(text, defaultCountry).map(({ startsAt, endsAt, number }) => ({
    from: startsAt,
    to: endsAt,
    href: number.getURI(),
  }));
}

/** `attributedValue`: text with links, and no other markup (Apple: "PassFieldContent"). */
export function readMarkup(markup: string): TextPart[] {
  const parts: TextPart[] = [];
  let href: string | undefined;
  for (const piece of markup.split(/(<\/?[a-z][^<>]*>)/i)) {
    const tag = /^<(\/?[a-z]+)/i.exec(piece)?.[1]?.toLowerCase();
    if (tag === "a") href = hrefOf(piece);
    else if (tag === "/a") href = undefined;
    else if (tag === undefined && piece !== "")
      parts.push(href === undefined ? textOf(piece) : { ...textOf(piece), href });
  }
  return parts;
}

const textOf = (markup: string): TextPart => ({ text: decode(markup) });

function hrefOf(tag: string): string | undefined {
  const [, double, single] = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag) ?? [];
  const href = decode(double ?? single ?? "").trim();
  return SAFE.test(href) ? href : undefined;
}
