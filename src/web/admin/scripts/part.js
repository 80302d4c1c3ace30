import { copyButtons } from "./copy.js";
import { localTimes } from "./times.js";

/**
 * A part of a page as it is now, ready to be put in its place; nothing where the answer is another page.
 * @param {string} url
 * @param {string} selector
 * @param {AbortSignal} [signal]
 * @returns {Promise<HTMLElement | null>}
 */
export async function freshPart(url, selector, signal) {
  const response = await fetch(url, { signal: signal ?? null });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  /** @type {HTMLElement | null} */
  const part = page.querySelector(selector);
  if (!response.ok || !part) return null;
  localTimes(part);
  copyButtons(part);
  return part;
}
