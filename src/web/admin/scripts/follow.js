// Parts of a page that follow what happens. The server says when the page would look otherwise; then it is fetched, and the
// part is replaced by the one in the answer. Nobody listens in a tab that is not looked at, for browsers allow few
// connections to one host.
import { freshPart } from "./part.js";

/** @type {HTMLElement | null} */
const first = document.querySelector("[data-follow]");
if (first) follow(first);

/** @param {HTMLElement} part */
function follow(part) {
  /** @type {EventSource | undefined} */
  let stream;

  function listen() {
    stream?.close();
    const { follow: url } = part.dataset;
    if (!url || document.hidden) return;
    stream = new EventSource(url);
    stream.addEventListener("open", () => part.classList.add("followed"));
    // Where it cannot be had, the link to look again comes back.
    stream.addEventListener("error", () => part.classList.remove("followed"));
    stream.addEventListener("changed", show);
  }

  async function show() {
    const next = await freshPart(location.href, "[data-follow]");
    // Signed out meanwhile, or the page is gone: what is there now is shown whole.
    if (!next) return location.reload();
    next.classList.toggle("followed", part.classList.contains("followed"));
    part.replaceWith(next);
    part = next;
  }

  document.addEventListener("visibilitychange", listen);
  listen();
}
