// The designer while somebody types: the form is sent, which stores it as a draft, and the parts of the page that follow
// from it are taken from the answer. Buttons that add, move or remove show the whole form anew.
import { followItem, itemsOf } from "./items.js";
import { localTimes } from "./times.js";

const PAUSE_MS = 400;
/** It holds numbers only. */
const STYLE = /<style>([^<]*)<\/style>/;

/** @type {HTMLFormElement | null} */
const designer = document.querySelector("form[data-design]");
if (designer) design(designer);

/** @param {HTMLFormElement} form */
function design(form) {
  // Colours are rules of the page's own style element; those of the answer take their place.
  const colours = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, colours];

  let timer = 0;
  let isSending = false;
  let isStale = false;
  /** @type {HTMLButtonElement[]} buttons that were pressed meanwhile */
  const pressed = [];

  /** @param {HTMLButtonElement} [button] that was pressed, if any */
  async function send(button) {
    clearTimeout(timer);
    timer = 0;
    if (isSending) {
      // One after the other: an older form must not be stored over a newer one.
      isStale = true;
      if (button) pressed.push(button);
      return;
    }
    isSending = true;
    const data = new FormData(form);
    if (button) data.set(button.name, button.value);
    try {
      const response = await fetch(form.action, { method: "POST", body: data });
      const html = await response.text();
      // Parsed as a part of the page, the style would be held against the page's policy, which names another.
      const [, rules = ""] = STYLE.exec(html) ?? [];
      const page = new DOMParser().parseFromString(html.replace(STYLE, ""), "text/html");
      const next = page.querySelector("form[data-design]");
      if (!next)
        throw new Error((page.querySelector("main .lead") ?? page.querySelector("main h1"))?.textContent ?? "");
      colours.replaceSync(rules);
      if (button) showAnew(form, next, button);
      else showParts(form, next);
      const refused = page.querySelector("main > .notice.bad")?.textContent;
      if (refused) say(refused);
    } catch (error) {
      say(`This was not stored. ${error instanceof Error ? error.message : ""}`);
    }
    isSending = false;
    if (!isStale) return;
    const next = pressed.shift();
    isStale = pressed.length > 0;
    // One that is gone by now named an item by its place, where another stands: of those only "add" still means the same.
    send(next?.isConnected || next?.value.startsWith("add ") ? next : undefined);
  }

  form.addEventListener("input", (event) => {
    const { target } = event;
    if (target instanceof HTMLInputElement && (target.dataset.colour || isTooLarge(target))) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => send(), PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (!(submitter instanceof HTMLButtonElement) || submitter.hasAttribute("formaction")) {
      clearTimeout(timer);
      timer = 0;
      return;
    }
    event.preventDefault();
    send(submitter.name === "edit" ? submitter : undefined);
  });
  // What was typed last, when the window is closed before it was sent.
  window.addEventListener("pagehide", () => {
    if (timer !== 0) navigator.sendBeacon(form.action, new FormData(form));
  });

  helpWithColours(form);
  helpWithPlaceholders(form);
  openWhatIsLinked(form);

  /** @param {string} text */
  function say(text) {
    const place = form.querySelector('[data-part="stored"] [role="status"]');
    if (place) place.textContent = text;
  }
}

/**
 * A file that the server does not read is not sent: nothing would be stored as long as it is chosen.
 * @param {HTMLInputElement} input
 */
function isTooLarge(input) {
  const { maxBytes, tooLarge = "" } = input.dataset;
  const size = input.files?.[0]?.size ?? 0;
  if (maxBytes === undefined || size <= Number(maxBytes)) return false;
  input.value = "";
  const field = input.closest(".field");
  field?.querySelector(".error")?.remove();
  const error = document.createElement("div");
  error.className = "error";
  error.setAttribute("role", "alert");
  error.textContent = tooLarge;
  field?.classList.add("wrong");
  field?.querySelector(".hint")?.after(error);
  return true;
}

/**
 * @param {Element} form
 * @param {Element} next
 */
function showParts(form, next) {
  const restoreFocus = rememberFocus(form);
  for (const part of form.querySelectorAll("[data-part]")) {
    const other = next.querySelector(`[data-part="${CSS.escape(part.getAttribute("data-part") ?? "")}"]`);
    const isTypedIn = part.hasAttribute("data-idle") && part.contains(document.activeElement);
    if (!other || isTypedIn) continue;
    keepOpen(part, other);
    localTimes(other);
    part.replaceWith(other);
  }
  for (const field of form.querySelectorAll(".field")) showRemarks(field, next);
  restoreFocus();
}

/**
 * What is wrong with an input stands below it. The input itself stays: somebody is typing in it.
 * @param {Element} field
 * @param {Element} next
 */
function showRemarks(field, next) {
  const input = field.querySelector("[name]");
  const other = input && next.querySelector(`[name="${CSS.escape(input.getAttribute("name") ?? "")}"]`);
  const otherField = other?.closest(".field");
  if (!input || !other || !otherField) return;
  field.className = otherField.className;
  for (const name of ["aria-invalid", "aria-describedby"]) {
    const value = other.getAttribute(name);
    if (value === null) input.removeAttribute(name);
    else input.setAttribute(name, value);
  }
  for (const kind of ["error", "warning"]) {
    field.querySelector(`.${kind}`)?.remove();
    const remark = otherField.querySelector(`.${kind}`);
    const hint = field.querySelector(".hint");
    if (remark && hint) hint.before(remark);
    else if (remark) field.append(remark);
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {Element} next
 * @param {HTMLButtonElement} button
 */
function showAnew(form, next, button) {
  const before = itemsOf(form, button);
  keepOpen(form, next);
  localTimes(next);
  form.replaceChildren(...next.childNodes);
  helpWithColours(form);
  followItem(form, button, before);
}

/**
 * What is open stays so, and what is closed.
 * @param {Element} present
 * @param {Element} next
 */
function keepOpen(present, next) {
  for (const details of present.querySelectorAll("details[id]")) {
    const other = next.querySelector(`#${CSS.escape(details.id)}`);
    if (other instanceof HTMLDetailsElement && details instanceof HTMLDetailsElement) other.open = details.open;
  }
}

/** @param {Element} form */
function rememberFocus(form) {
  const { activeElement } = document;
  const name = activeElement?.getAttribute("name");
  const isInPart = activeElement?.closest("[data-part]") && form.contains(activeElement);
  const selector = name ? `[name="${CSS.escape(name)}"]` : activeElement?.id ? `#${CSS.escape(activeElement.id)}` : "";
  return () => {
    if (!isInPart || selector === "" || form.contains(document.activeElement)) return;
    /** @type {HTMLElement | null} */
    const again = form.querySelector(selector);
    again?.focus();
  };
}

/** @param {Element} form */
function helpWithColours(form) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const pickers = form.querySelectorAll("input[data-colour]");
  for (const picker of pickers) {
    /** @type {HTMLInputElement | null} */
    const text = form.querySelector(`[name="${CSS.escape(picker.dataset.colour ?? "")}"]`);
    if (!text) continue;
    picker.hidden = false;
    picker.addEventListener("input", () => {
      text.value = picker.value;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    text.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(text.value)) picker.value = text.value;
    });
  }
}

/** @param {Element} form */
function helpWithPlaceholders(form) {
  /** @type {HTMLInputElement | HTMLTextAreaElement | undefined} */
  let last;
  form.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "text")) {
      last = target;
    }
  });
  form.addEventListener("click", ({ target }) => {
    const chip = target instanceof Element ? target.closest("[data-insert]") : null;
    if (!(chip instanceof HTMLElement) || !last?.isConnected) return;
    last.setRangeText(chip.dataset.insert ?? "", last.selectionStart ?? 0, last.selectionEnd ?? 0, "end");
    last.focus();
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/**
 * Links of the summary lead into parts that may be closed.
 * @param {Element} form
 */
function openWhatIsLinked(form) {
  form.addEventListener("click", (event) => {
    const { target } = event;
    const link = target instanceof Element ? target.closest('a[href^="#at-"]') : null;
    const place = link && document.getElementById(link.getAttribute("href")?.slice(1) ?? "");
    if (!place) return;
    event.preventDefault();
    for (let part = place.closest("details"); part; part = part.parentElement?.closest("details") ?? null)
      part.open = true;
    /** @type {HTMLElement | null} */
    const input = place.querySelector("input:not([type=hidden]), select, textarea");
    place.scrollIntoView({ block: "center" });
    input?.focus({ preventScroll: true });
  });
}
