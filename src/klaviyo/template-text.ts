import { decode } from "html-entities";
import type { GivenValue } from "../templates/fill.ts";
import { isObject } from "../templates/placeholders.ts";

/** A value without arithmetic in it. */
export type TemplateText = Exclude<GivenValue, { kind: "add" }>;

const UNRENDERED = /\{\{.*?\}\}|\{%.*?%\}/s;

/**
 * Reads a value that a template engine wrote. Klaviyo's webhooks are Django templates: a missing variable renders as
 * nothing, an explicit null as `None`, a boolean as `True`, and HTML special characters may come escaped. Trims,
 * unescapes once, and tells a missing value from a text.
 */
export function readTemplateText(value: unknown): TemplateText {
  if (value === null || value === undefined) return { kind: "missing" };
  if (typeof value === "number" || typeof value === "boolean") return { kind: "text", text: String(value) };
  if (typeof value !== "string")
    return { kind: "unusable", message: "must be text, a number or true/false, not a list or an object" };
  // Strict: without it `?a=1&section=2` would lose its parameter to the legacy entity `&sect`. A lone half of a surrogate
  // pair could not be stored, so the value would differ from itself at the next repeat.
  const text = decode(value, { scope: "strict" }).replaceAll("\0", "").toWellFormed().trim();
  if (text === "" || text === "None" || text === "null") return { kind: "missing" };
  if (UNRENDERED.test(text)) {
    const tag = text.length > 60 ? `${text.slice(0, 57)}…` : text;
    return { kind: "missing", reason: `its value is a template tag that was not rendered: ${tag}` };
  }
  return { kind: "text", text };
}

/**
 * The same for a field of a pass, whose number may also be added to: `{"add": 50}`, in which the 50 is as Klaviyo writes
 * it. Without a number there is nothing that such a call could mean, so a blank one is refused, not passed over.
 */
export function readFieldValue(value: unknown): GivenValue {
  if (!isObject(value) || Object.keys(value).join() !== "add") return readTemplateText(value);
  const amount = readTemplateText(value["add"]);
  switch (amount.kind) {
    case "text":
      return { kind: "add", amount: amount.text };
    case "missing":
      return { kind: "unusable", message: `has nothing to add: ${amount.reason ?? "the number came blank"}` };
    case "unusable":
      return { kind: "unusable", message: `"add" ${amount.message}` };
    default:
      return amount satisfies never;
  }
}
