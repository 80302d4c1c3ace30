/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface CardProps {
  readonly title?: string;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  /** Without a margin inside, for a table or a list of rows. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}

/** A part of a page. */
export function Card({ title, aside, flush = false, children }: CardProps) {
  return (
    <section class={flush ? "card flush" : "card"}>
      {title && (
        <header>
          <h2>{title}</h2>
          {aside}
        </header>
      )}
      {children}
    </section>
  );
}
