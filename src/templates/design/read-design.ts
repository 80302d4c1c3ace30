import { isDeepStrictEqual } from "node:util";
import type { TemplateDefinition } from "../definition.ts";
import type { Locales } from "../locales.ts";
import { isObject, type Json, type JsonObject } from "../placeholders.ts";
import {
  AREAS,
  type Design,
  type Item,
  kindsOf,
  type ListName,
  PASS_LISTS,
  PASS_TEXTS,
  SETTINGS,
  toItems,
  toTexts,
} from "./design.ts";

export interface DesignedContent {
  readonly definition: TemplateDefinition;
  readonly locales: Locales;
}

/** A template as its form. `writeDesign` makes the same template of it again. */
export function readDesign({ definition, locales }: DesignedContent): Design {
  const { fields, pass, ...settings } = definition;
  // The definition was parsed from JSON.
  const top = toTexts(settings as JsonObject, SETTINGS);
  const ofPass = toTexts(withoutImpliedDates(pass as JsonObject), PASS_TEXTS);
  const { [definition.style]: dictionary, ...aroundStyle } = ofPass.rest;
  const front = isObject(dictionary) ? takeLists(dictionary, AREAS, "front") : { lists: {}, rest: {} };
  const { transitType, ...styleRest } = front.rest;
  const around = takeLists(aroundStyle, PASS_LISTS, "pass");
  const keepsTransit = transitType !== undefined && typeof transitType !== "string";
  const restOfStyle = keepsTransit ? front.rest : styleRest;
  const restOfPass = {
    ...around.rest,
    ...(Object.keys(restOfStyle).length > 0 ? { [definition.style]: restOfStyle } : {}),
  };
  return {
    texts: {
      ...top.texts,
      ...Object.fromEntries(Object.entries(ofPass.texts).map(([key, text]) => [`pass.${key}`, text])),
      ...(typeof transitType === "string" ? { "front.transitType": transitType } : {}),
      rest: asJson({ ...top.rest, ...(Object.keys(restOfPass).length > 0 ? { pass: restOfPass } : {}) }),
    },
    lists: {
      ...front.lists,
      ...around.lists,
      fields: Object.entries(fields).map(readInput),
      languages: Object.keys(locales).map((code) => ({ code })),
      translations: readTranslations(locales),
    },
  };
}

/** Older systems read one key, newer ones the other: the form has one input for both. */
function withoutImpliedDates(pass: JsonObject): JsonObject {
  const { relevantDates, ...rest } = pass;
  return isDeepStrictEqual(relevantDates, impliedDates(pass["relevantDate"])) ? rest : pass;
}

export const impliedDates = (date: Json | undefined): Json | undefined =>
  date === undefined ? undefined : [{ date, relevantDate: date }];

function takeLists(
  object: JsonObject,
  names: readonly string[],
  prefix: "front" | "pass",
): { lists: Design["lists"]; rest: JsonObject } {
  const lists: Partial<Record<ListName, readonly Item[]>> = {};
  const rest: Record<string, Json> = {};
  for (const [key, value] of Object.entries(object)) {
    const name = `${prefix}.${key}` as ListName;
    const kinds = names.includes(key) ? kindsOf(name) : undefined;
    const items = kinds && toItems(value, kinds);
    if (items) lists[name] = items;
    else rest[key] = value;
  }
  return { lists, rest };
}

function readInput([name, field]: [string, TemplateDefinition["fields"][string]]): Item {
  const { type, label = "", required, default: value, example = "", formerly = [] } = field;
  return {
    name,
    was: name,
    type,
    label,
    required: required ? "true" : "",
    default: value === undefined ? "" : String(value),
    example,
    formerly: formerly.join(","),
  };
}

function readTranslations(locales: Locales): Item[] {
  const keys = [...new Set(Object.values(locales).flatMap((texts) => Object.keys(texts)))];
  return keys.map((key) => ({
    key,
    ...Object.fromEntries(Object.entries(locales).map(([code, texts]) => [`to-${code}`, texts[key] ?? ""])),
  }));
}

const asJson = (value: JsonObject): string =>
  Object.keys(value).length === 0 ? "" : JSON.stringify(value, undefined, 2);
