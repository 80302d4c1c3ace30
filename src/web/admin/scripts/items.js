// The lists of the designer: what was added or moved has the focus afterwards, and what was open is open where it stands now.

const TYPED = ":is(input:not([type=hidden]), select, textarea)";

/**
 * The items of the list that a button changes.
 * @param {ParentNode} form
 * @param {HTMLButtonElement} button
 */
export const itemsOf = (form, button) => itemsIn(form, button.value.split(" ")[1] ?? "");

/**
 * @param {HTMLFormElement} form as it is now
 * @param {HTMLButtonElement} button that was pressed
 * @param {HTMLDetailsElement[]} before the items of its list as they were
 */
export function followItem(form, button, before) {
  const [does = "", list = "", at = ""] = button.value.split(" ");
  const items = itemsIn(form, list);
  const place = Number(at);
  const shift = { up: -1, down: 1 }[does];
  let item = does === "add" ? items.at(-1) : (items[place] ?? items.at(-1));
  if (shift !== undefined) {
    const other = before[place + shift];
    if (other && item) item.open = other.open;
    else keepOpenFrom(items, before.toSpliced(place, 1));
    item = other ? items[place + shift] : itemsIn(form, listBeside(form, list, shift)).at(shift < 0 ? -1 : 0);
  }
  if (does === "remove") keepOpenFrom(items, before.toSpliced(place, 1));
  else if (item) item.open = true;
  /** @type {HTMLElement | null | undefined} */
  const first = item
    ? item.querySelector(does === "add" ? TYPED : "summary")
    : // What is no item of its own: a language, a text, a picture; or nothing is left but the button that adds one.
      ([...form.querySelectorAll(`[data-edited="${CSS.escape(list)}"]`)].at(-1)?.querySelector(TYPED) ??
      form.querySelector(`[name="edit"][value="add ${CSS.escape(list)}"]`));
  first?.focus();
}

/**
 * @param {ParentNode} form
 * @param {string} list
 * @returns {HTMLDetailsElement[]}
 */
function itemsIn(form, list) {
  /** @type {NodeListOf<HTMLDetailsElement>} */
  const items = form.querySelectorAll(`[data-list="${CSS.escape(list)}"] > details.item`);
  return [...items];
}

/**
 * @param {HTMLDetailsElement[]} items
 * @param {HTMLDetailsElement[]} former the same ones as they were
 */
function keepOpenFrom(items, former) {
  for (const [i, item] of items.entries()) item.open = former[i]?.open ?? item.open;
}

/**
 * The list above or below.
 * @param {ParentNode} form
 * @param {string} list
 * @param {number} step
 */
function listBeside(form, list, step) {
  const lists = [...form.querySelectorAll("[data-list]")].map((one) => one.getAttribute("data-list") ?? "");
  return lists[lists.indexOf(list) + step] ?? list;
}
