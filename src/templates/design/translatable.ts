import { AREAS, type Design, type Item, itemsOf, PASS_LISTS } from "./design.ts";

/** Inputs whose text phones look up in `pass.strings`. */
const TEXTS = ["pass.description", "pass.organizationName", "pass.logoText"];
const OF_ITEMS = ["label", "value", "changeMessage", "altText", "relevantText"];

/** Every text of the pass that another language may say otherwise, once: what holds more than values. */
export function translatableTexts(design: Design): string[] {
  const lists = [
    ...AREAS.map((area) => `front.${area}` as const),
    ...PASS_LISTS.map((name) => `pass.${name}` as const),
  ];
  const inItems = lists.flatMap((list) => itemsOf(design, list).flatMap((item) => OF_ITEMS.map((key) => item[key])));
  const all = [...TEXTS.map((name) => design.texts[name]), ...inItems].map((text = "") => text.trim());
  return [...new Set(all)].filter((text) => /\p{L}/u.test(text.replace(/\{\{[^}]*\}\}/g, "")));
}

/** The design with a line for each text that can be translated; lines that nobody filled and nothing asks for go. */
export function withTranslations(design: Design): Design {
  if (itemsOf(design, "languages").length === 0) return design;
  const present = itemsOf(design, "translations");
  const known = new Map(present.map((line) => [line["key"] ?? "", line]));
  const wanted = translatableTexts(design);
  const lines: Item[] = wanted.map((key) => known.get(key) ?? { key });
  const others = present.filter(({ key = "", ...texts }) => {
    const isFilled = Object.values(texts).some((text) => text !== "");
    return !wanted.includes(key) && (isFilled || key === "");
  });
  return { ...design, lists: { ...design.lists, translations: [...lines, ...others] } };
}
