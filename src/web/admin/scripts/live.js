// Search as you type: the form's page is fetched with what is typed so far, and the part that the form names is replaced
// by the one in the answer. What follows from a fetch that was overtaken is dropped.
import { freshPart } from "./part.js";

const PAUSE_MS = 200;

/** @type {NodeListOf<HTMLFormElement>} */
const forms = document.querySelectorAll("form[data-live-form]");
for (const form of forms) follow(form);

/** @param {HTMLFormElement} form */
function follow(form) {
  const part = `[data-live="${form.dataset.liveForm}"]`;
  let timer = 0;
  let fetching = new AbortController();

  async function show() {
    fetching.abort();
    fetching = new AbortController();
    const { signal } = fetching;
    const url = addressOf(form);
    try {
      const next = await freshPart(url, part, signal);
      const present = document.querySelector(part);
      if (!next || !present) throw new Error("another page than the form's");
      present.replaceWith(next);
      history.replaceState(null, "", url);
    } catch {
      // Signed out meanwhile, or something went wrong: that page is shown whole.
      if (!signal.aborted) location.assign(url);
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(show, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    show();
  });
}

/**
 * Where sending the form would lead to, without what is left empty.
 * @param {HTMLFormElement} form
 */
function addressOf(form) {
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value !== "") url.searchParams.set(name, String(value));
  return url.href;
}
