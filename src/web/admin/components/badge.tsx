/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export type Tone = "plain" | "accent" | "good" | "warning" | "bad";

/** A state in a word or two. */
export function Badge({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
