/** What must never be read in a log or in a kept request, and what stands in its place. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\bphk_([0-9a-z]{8})_[0-9A-Za-z]+/g, "phk_$1_…"], // API key: the public part names it
  [/\bpk_[0-9A-Za-z_]{6,}/g, "pk_…"], // Klaviyo private key
  [/\bwhb_[\w-]+/g, "whb_…"], // bearer token of a webhook
  [/\bwhsec_[\w+/=-]+/g, "whsec_…"], // signing secret of a webhook
  [/\b(ApplePass|Bearer|Klaviyo-API-Key)\s+[^\s",\\]+/gi, "$1 …"], // not the backslash: the text may be JSON
];
const PERSONAL: readonly (readonly [RegExp, string])[] = [
  [/\b([0-9a-hjkmnp-tv-z]{6})[0-9a-hjkmnp-tv-z]{20}\b/g, "$1…"], // serial number: it is the secret of its link
  [/[\w.+-]+@([\w-]+\.[\w.-]+)/g, "…@$1"],
];

const replaceAll = (text: string, rules: typeof SECRETS): string =>
  rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);

/** For logs: keys, tokens, serial numbers and email addresses are masked. */
export const redact = (text: string): string => replaceAll(replaceAll(text, SECRETS), PERSONAL);

/** For kept requests, which an operator must be able to repair and replay: only keys and tokens are masked. */
export const maskSecrets = (text: string): string => replaceAll(text, SECRETS);
