import { FEATURED_ACTION_TYPES } from "../../apple/format/actions.ts";
import { areaBeside } from "./areas.ts";
import { AREAS, type Design, type Item, itemsOf, LIST_NAMES, type ListName, PASS_TEXTS, SETTINGS } from "./design.ts";

/** Inputs that stand once in the form. */
const SINGLE: readonly string[] = [
  ...Object.keys(SETTINGS),
  ...Object.keys(PASS_TEXTS).map((key) => `pass.${key}`),
  "front.transitType",
  "rest",
  "preview.language",
  "preview.values",
];

/** More than any pass shows, and few enough that nobody can fill the memory with them. */
const MAX_ITEMS = 200;

/** The form as it was sent: `name` for a single input, `list.2.label` for one of an item. */
export function designOfForm(names: readonly string[], textOf: (name: string) => string): Design {
  const lists = new Map<ListName, Map<number, Record<string, string>>>();
  for (const name of names) {
    const [, list, place, key = ""] = /^([\w.]+)\.(\d{1,4})\.([\w-]+)$/.exec(name) ?? [];
    const known = LIST_NAMES.find((one) => one === list);
    if (!known) continue;
    const items = lists.get(known) ?? new Map<number, Record<string, string>>();
    lists.set(known, items);
    const item = items.get(Number(place)) ?? {};
    items.set(Number(place), item);
    item[key] = textOf(name);
  }
  return {
    texts: Object.fromEntries(SINGLE.filter((name) => names.includes(name)).map((name) => [name, textOf(name)])),
    lists: Object.fromEntries([...lists].map(([name, items]) => [name, inOrder(items)])),
  };
}

const inOrder = (items: ReadonlyMap<number, Item>): Item[] =>
  [...items]
    .toSorted(([one], [other]) => one - other)
    .slice(0, MAX_ITEMS)
    .map(([, item]) => item);

/** What a button of a list does. */
export type ListEdit =
  | { readonly does: "add"; readonly list: ListName; readonly item?: Item }
  | { readonly does: "remove" | "up" | "down"; readonly list: ListName; readonly at: number };

/** `add front.backFields`, `remove fields 3`; nothing for anything else. */
export function parseListEdit(text: string): ListEdit | undefined {
  const [does = "", name = "", at = ""] = text.split(" ");
  const list = LIST_NAMES.find((one) => one === name);
  if (!list) return undefined;
  if (does === "add") return { does, list };
  return does === "remove" || does === "up" || does === "down" ? { does, list, at: Number(at) } : undefined;
}

export function editList(design: Design, edit: ListEdit): Design {
  const items = [...itemsOf(design, edit.list)];
  switch (edit.does) {
    case "add":
      if (items.length < MAX_ITEMS) items.push(edit.item ?? newItem(design, edit.list));
      break;
    case "remove":
      items.splice(edit.at, 1);
      break;
    case "up":
    case "down": {
      const step = edit.does === "up" ? -1 : 1;
      const to = edit.at + step;
      if (to < 0 || to >= items.length) return intoNextArea(design, edit, step);
      items.splice(to, 0, ...items.splice(edit.at, 1));
      break;
    }
    default:
      edit satisfies never;
  }
  return { ...design, lists: { ...design.lists, [edit.list]: items } };
}

/** The first field of an area moves up into the one above, as its last; the last one down into the one below. */
function intoNextArea(design: Design, { list, at }: { list: ListName; at: number }, step: -1 | 1): Design {
  const area = AREAS.find((one) => list === `front.${one}`);
  const beside = area && areaBeside(design, area, step);
  const item = itemsOf(design, list)[at];
  if (!beside || !item) return design;
  const there = itemsOf(design, `front.${beside}`);
  const lists = {
    [list]: itemsOf(design, list).toSpliced(at, 1),
    [`front.${beside}`]: step < 0 ? [...there, item] : [item, ...there],
  };
  return { ...design, lists: { ...design.lists, ...lists } };
}

function newItem(design: Design, list: ListName): Item {
  if (list.startsWith("front.")) return { key: freeKey(design, list) };
  if (list === "fields") return { type: "text" };
  if (list === "pass.barcodes")
    return { format: "PKBarcodeFormatQR", message: "{{serial}}", messageEncoding: "iso-8859-1" };
  if (list === "pass.featuredActions") {
    const taken = itemsOf(design, list).map(({ identifier }) => identifier);
    return {
      type: FEATURED_ACTION_TYPES[0],
      identifier: ["button-1", "button-2"].find((id) => !taken.includes(id)) ?? "",
    };
  }
  return {};
}

/** Every field of a pass needs a key of its own: `back-3` for the third on the back, or the next that is free. */
function freeKey(design: Design, list: ListName): string {
  const fronts = LIST_NAMES.filter((name) => name.startsWith("front."));
  const taken = new Set(fronts.flatMap((name) => itemsOf(design, name).map(({ key }) => key)));
  const area = list.slice("front.".length, -"Fields".length);
  for (let n = itemsOf(design, list).length + 1; ; n++) if (!taken.has(`${area}-${n}`)) return `${area}-${n}`;
}
