/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface ConfirmProps {
  /** On the button that opens it: "Delete…". */
  readonly label: string;
  readonly tone?: "plain" | "danger";
  /** Opened, since what was sent was refused. */
  readonly open?: boolean;
  /** What will happen, and the form that does it. */
  readonly children: ComponentChildren;
}

/** Asks before something that cannot be undone: it opens in place, also without script. */
export function Confirm({ label, tone = "plain", open = false, children }: ConfirmProps) {
  return (
    <details class="confirm" open={open}>
      <summary class={`button ${tone}`}>{label}</summary>
      <div>{children}</div>
    </details>
  );
}
