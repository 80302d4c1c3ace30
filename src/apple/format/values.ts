import { DATE_PATTERN } from "./schema.ts";

const DATE = new RegExp(DATE_PATTERN);

/** Whether Wallet reads it as a date: complete, with a zone, and a day that exists. */
export function isPassDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const day = text.slice(0, 10);
  // Date.parse rolls the 30th of February over into March.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** Milliseconds of a date of pass.json; nothing when it is none. */
export const passDateMs = (value: unknown): number | undefined =>
  typeof value === "string" && isPassDate(value) ? Date.parse(value) : undefined;

/** `rgb(r, g, b)` of a colour in any notation that is meant for one; nothing when it cannot be read. */
export function toPassColour(text: string): string | undefined {
  const trimmed = text.trim();
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(trimmed)?.[1];
  const digits = hex?.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  const parts = digits
    ? [0, 2, 4].map((i) => Number.parseInt(digits.slice(i, i + 2), 16))
    : /^rgb\s*\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/i.exec(trimmed)?.slice(1).map(Number);
  return parts?.every((part) => part <= 255) ? `rgb(${parts.join(", ")})` : undefined;
}

/** `#rrggbb` of red, green and blue, each from 0 to 255. */
export const hexOf = (channels: readonly number[]): string =>
  `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;

/** A colour as designers write it, `#rrggbb`; what cannot be read as one stays as it is. */
export function asHexColour(text: string): string {
  const channels = toPassColour(text)?.match(/\d+/g);
  return channels ? hexOf(channels.map(Number)) : text;
}

/** The number that a text writes in JSON's notation; nothing when it is something else. */
export function toPassNumber(text: string): number | undefined {
  if (!/^[+-]?\d+(?:\.\d+)?$/.test(text.trim())) return undefined;
  const value = Number(text);
  // Past 15 digits the number would not be the one that was written.
  return text.replace(/\D/g, "").length <= 15 && Number.isFinite(value) ? value + 0 : undefined;
}
