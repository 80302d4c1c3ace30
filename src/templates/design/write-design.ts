import { readJson } from "../../apple/lint/read-json.ts";
import type { Problem } from "../../errors.ts";
import type { FieldDefinition, TemplateDefinition } from "../definition.ts";
import { renameInLocales, renameTargets } from "../edit.ts";
import type { Locales } from "../locales.ts";
import { isObject, type Json, type JsonObject, renamePlaceholders } from "../placeholders.ts";
import {
  AREAS,
  type Design,
  fromTexts,
  type Item,
  isNumber,
  itemsOf,
  kindsOf,
  type ListName,
  PASS_LISTS,
  PASS_TEXTS,
  SETTINGS,
  styleOf,
} from "./design.ts";
import { type DesignedContent, impliedDates } from "./read-design.ts";

export interface WrittenDesign extends DesignedContent {
  /** What could not be read of the form; their paths are names of inputs. */
  readonly problems: readonly Problem[];
}

/**
 * The template that a form describes, which is not checked yet. A renamed input remembers its former name, and is
 * renamed wherever it stands.
 */
export function writeDesign(design: Design): WrittenDesign {
  const problems: Problem[] = [];
  const style = styleOf(design);
  const rest = readRest(design.texts["rest"] ?? "", problems);
  const { pass: restOfPass, ...settings } = rest;
  const aroundPass = isObject(restOfPass) ? restOfPass : {};
  const restOfStyle = isObject(aroundPass[style]) ? aroundPass[style] : {};
  const texts = fromTexts(passTexts(design.texts), PASS_TEXTS);
  const own = {
    ...texts,
    ...(texts["relevantDate"] !== undefined && aroundPass["relevantDates"] === undefined
      ? { relevantDates: impliedDates(texts["relevantDate"]) ?? null }
      : {}),
    ...writeLists(design, PASS_LISTS, "pass", problems),
  };
  const transit = design.texts["front.transitType"] ?? "";
  const front = {
    ...(style === "boardingPass" && transit !== "" ? { transitType: transit } : {}),
    ...writeLists(design, AREAS, "front", problems),
  };
  const top = fromTexts(design.texts, SETTINGS);
  problems.push(...twice(settings, top, ""), ...twice(aroundPass, own, "pass."));
  problems.push(...twice(restOfStyle, front, `pass.${style}.`));

  const inputs = itemsOf(design, "fields");
  const renamed = renamesOf(inputs);
  const locales = writeLocales(design);
  const definition = {
    ...settings,
    ...top,
    fields: writeInputs(inputs, problems),
    pass: renamePlaceholders({ ...aroundPass, ...own, [style]: { ...restOfStyle, ...front } }, renamed),
    // As a form has it; what is wrong with it is for the checks to say.
  } as unknown as TemplateDefinition;
  const { personalization } = definition;
  return {
    definition:
      isObject(personalization) && isObject(personalization.fields)
        ? { ...definition, personalization: renameTargets(personalization, renamed) }
        : definition,
    locales: renameInLocales(locales, renamed),
    problems,
  };
}

const passTexts = (texts: Item): Item =>
  Object.fromEntries(Object.keys(PASS_TEXTS).map((key) => [key, texts[`pass.${key}`] ?? ""]));

function readRest(text: string, problems: Problem[]): JsonObject {
  const value = readObject(text, "rest", problems);
  const { pass } = value;
  if (pass !== undefined && !isObject(pass)) problems.push({ path: "rest", message: "pass must be an object { … }" });
  return value;
}

function readObject(text: string, input: string, problems: Problem[]): JsonObject {
  if (text.trim() === "") return {};
  const { value, problems: faults } = readJson(Buffer.from(text), input);
  problems.push(...faults.map(({ message }) => ({ path: input, message })));
  if (faults.length > 0) return {};
  // It was parsed from JSON.
  if (isObject(value)) return value;
  problems.push({ path: input, message: "must be an object { … }" });
  return {};
}

/** What the form has inputs for, and the JSON beside it says once more. */
const twice = (rest: JsonObject, own: JsonObject, path: string): Problem[] =>
  Object.keys(rest)
    .filter((key) => Object.hasOwn(own, key))
    .map((key) => ({ path: "rest", message: `says ${path}${key}, which has an input of its own; leave it out here` }));

function writeLists(
  design: Design,
  names: readonly string[],
  prefix: "front" | "pass",
  problems: Problem[],
): Record<string, Json> {
  const lists: Record<string, Json> = {};
  for (const key of names) {
    const name = `${prefix}.${key}` as ListName;
    const items = itemsOf(design, name);
    if (items.length > 0) lists[key] = items.map((item, i) => writeItem(item, name, i, problems));
  }
  return lists;
}

function writeItem(item: Item, list: ListName, i: number, problems: Problem[]): JsonObject {
  const more = readObject(item["more"] ?? "", `${list}.${i}.more`, problems);
  return { ...more, ...fromTexts(item, kindsOf(list) ?? {}) };
}

/** Former name → present one. A name that another input has taken by now is that one's. */
function renamesOf(inputs: readonly Item[]): ReadonlyMap<string, string> {
  const names = new Set(inputs.map(({ name = "" }) => name));
  const renamed = inputs.flatMap(({ name = "", was = "" }): [string, string][] =>
    was !== "" && name !== "" && was !== name && !names.has(was) ? [[was, name]] : [],
  );
  return new Map(renamed);
}

function writeInputs(inputs: readonly Item[], problems: Problem[]): TemplateDefinition["fields"] {
  const fields = new Map<string, FieldDefinition>();
  for (const [i, input] of inputs.entries()) {
    const { name = "" } = input;
    const path = `fields.${i}.name`;
    if (name === "") problems.push({ path, message: "must be filled in" });
    else if (fields.has(name)) problems.push({ path, message: `"${name}" is the name of another input` });
    else fields.set(name, writeInput(input));
  }
  return Object.fromEntries(fields);
}

function writeInput(input: Item): FieldDefinition {
  const { name = "", was = "", label = "", required, default: value = "", example = "" } = input;
  const type = input["type"] as FieldDefinition["type"];
  const former = (input["formerly"] ?? "").split(",").filter((one) => one !== "");
  const names = was === "" || was === name ? former : [...former, was];
  const formerly = [...new Set(names)].filter((one) => one !== name);
  return {
    type,
    ...(label === "" ? {} : { label }),
    ...(required === "true" ? { required: true } : {}),
    ...(value === "" ? {} : { default: defaultOf(type, value) }),
    ...(example === "" ? {} : { example }),
    ...(formerly.length === 0 ? {} : { formerly }),
  };
}

function defaultOf(type: FieldDefinition["type"], text: string): string | number | boolean {
  if (type === "number" && isNumber(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** Every language has the same texts, as Apple asks for; one that was left empty is said as it stands on the pass. */
function writeLocales(design: Design): Locales {
  const codes = itemsOf(design, "languages").flatMap(({ code = "" }) => (code === "" ? [] : [code]));
  const said = itemsOf(design, "translations").filter(
    ({ key = "", ...texts }) => key !== "" && codes.some((code) => (texts[`to-${code}`] ?? "") !== ""),
  );
  return Object.fromEntries(
    codes.map((code) => [
      code,
      Object.fromEntries(said.map(({ key = "", ...texts }) => [key, texts[`to-${code}`] || key])),
    ]),
  );
}
