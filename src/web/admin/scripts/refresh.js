// A part that says so is shown anew every two seconds, until it says so no more.
import { localTimes } from "./times.js";

const PAUSE_MS = 2000;

async function refresh() {
  const present = document.querySelector("[data-refresh]");
  if (!(present instanceof HTMLElement)) return;
  try {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.querySelector(`[data-live="${present.dataset.live}"]`);
    if (!response.ok || !next) return;
    localTimes(next);
    present.replaceWith(next);
  } catch {
    // The server may be starting anew: the next try tells.
  }
  setTimeout(refresh, PAUSE_MS);
}

setTimeout(refresh, PAUSE_MS);
