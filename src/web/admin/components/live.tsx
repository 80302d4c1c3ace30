/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import type { Visit } from "../visit.ts";

/**
 * A part of a page that shows by itself what is new, on a page that says in `live` what that is; one on a page. Without
 * script there is a link to look again.
 */
export function Live({ visit, children }: { visit: Visit; children: ComponentChildren }) {
  return (
    <div class="follow" data-follow={visit.liveUrl} aria-live="polite">
      {children}
      <a class="look-again" href={visit.here}>
        Look again
      </a>
    </div>
  );
}
