type Rules = readonly (readonly [RegExp, string])[];

/** What must never be read in a log or in a kept request, and what stands in its place. */
const SECRETS: Rules = [
  [/\bphk_([0-9a-z]{8})_[0-9A-Za-z]+/g, "phk_$1_…"], // API key: the public part names it
  [/\bpk_[0-9A-Za-z_]{6,}/g, "pk_…"], // Klaviyo private key
  [/\bwhb_[\w-]+/g, "whb_…"], // bearer token of a webhook
  [/\bwhsec_[\w+/=-]+/g, "whsec_…"], // signing secret of a webhook
  [/\b(ApplePass|Klaviyo-API-Key)\s+[^\s",\\]+/gi, "$1 …"], // not the backslash: the text may be JSON
];
const ANY_BEARER = /\b(Bearer)\s+[^\s",\\]+/gi;
/** A token is long and mostly holds a digit; Mrs Bearer Featherstonehaugh's name is not one. */
const BEARER_TOKEN = /\b(Bearer)\s+(?=[^\s",\\]*\d[^\s",\\]*|[^\s",\\]{24})[^\s",\\]{8,}/gi;
const PERSONAL: Rules = [
  [/\b([0-9a-hjkmnp-tv-z]{6})[0-9a-hjkmnp-tv-z]{20}\b/g, "$1…"], // serial number: it is the secret of its link
  [/[\w.+-]+@([\w-]+\.[\w.-]+)/g, "…@$1"],
];

const replaceAll = (text: string, rules: Rules): string =>
  rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);

/** For logs: keys, tokens, serial numbers and email addresses are masked. */
export const redact = (text: string): string => replaceAll(text, [...SECRETS, [ANY_BEARER, "$1 …"], ...PERSONAL]);

/** For kept requests, which an operator must be able to repair and replay: only keys and tokens are masked. */
export const maskSecrets = (text: string): string => replaceAll(text, [...SECRETS, [BEARER_TOKEN, "$1 …"]]);
