import { copyButtons } from "./copy.js";

copyButtons(document);

// The entry of what is being read stands out in the contents, and is kept in sight.
const side = document.querySelector(".side");
/** @type {Map<string, Element>} */
const entries = new Map();
for (const link of side?.querySelectorAll("nav a") ?? []) entries.set(link.getAttribute("href")?.slice(1) ?? "", link);

/** @type {Element | undefined} */
let current;
const observer = new IntersectionObserver(
  (changes) => {
    const entered = changes.filter(({ isIntersecting }) => isIntersecting).at(-1);
    const entry = entered && entries.get(entered.target.id);
    if (!entry || entry === current) return;
    current?.removeAttribute("aria-current");
    entry.setAttribute("aria-current", "true");
    entry.scrollIntoView({ block: "nearest" });
    current = entry;
  },
  // A line a third of the way down.
  { rootMargin: "-33% 0px -66% 0px" },
);
for (const part of document.querySelectorAll("main [id]")) observer.observe(part);

// On a phone the contents lie over what was asked for.
const menu = document.querySelector("details.menu");
menu?.addEventListener("click", ({ target }) => {
  if (target instanceof Element && target.closest("a")) menu.removeAttribute("open");
});
