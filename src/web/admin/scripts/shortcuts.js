// `/` goes to the search, on the page or on the page of passes; `?` shows what keys there are.
const help = document.getElementById("shortcuts");
/** @type {HTMLInputElement | null} */
const search = document.querySelector("input[type=search]");

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  const types = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
  if (types || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "?") help?.togglePopover();
  if (key !== "/") return;
  event.preventDefault();
  if (search) search.select();
  else if (help?.dataset.search) location.assign(`${help.dataset.search}#search`);
});

if (location.hash === "#search") search?.focus();
