// Buttons that copy. They are hidden where there is no script, and where the browser does not let pages copy (plain http).
const SAID_MS = 1500;

/** @param {ParentNode} part */
export function copyButtons(part) {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = part.querySelectorAll("button[data-copy]");
  for (const button of buttons) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy ?? "");
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
      }, SAID_MS);
    });
  }
}
