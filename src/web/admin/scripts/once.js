// A form is sent once: a button that is pressed again while the answer is on its way does nothing.

// An answer may be a file, which leaves the page as it is; then the form is there for another time.
const ANSWERED_MS = 5000;

/** @type {Set<EventTarget>} */
const sent = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  setTimeout(() => sent.delete(form), ANSWERED_MS);
});

// Whoever comes back finds the page as it was left.
addEventListener("pageshow", () => sent.clear());
