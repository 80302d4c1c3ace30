// A part that says so is shown anew every two seconds, until it says so no more.
import { freshPart } from "./part.js";

const PAUSE_MS = 2000;

async function refresh() {
  const present = document.querySelector("[data-refresh]");
  if (!(present instanceof HTMLElement)) return;
  try {
    const next = await freshPart(location.href, `[data-live="${present.dataset.live}"]`);
    if (!next) return;
    present.replaceWith(next);
  } catch {
    // The server may be starting anew: the next try tells.
  }
  setTimeout(refresh, PAUSE_MS);
}

setTimeout(refresh, PAUSE_MS);
