/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

type ButtonTone = "primary" | "plain" | "danger";

export interface ButtonProps {
  readonly tone?: ButtonTone;
  /** Sent with the form when this button was pressed. */
  readonly name?: string;
  readonly value?: string;
  readonly children: ComponentChildren;
}

/** Sends the form that it stands in. */
export function Button({ tone = "plain", name, value, children }: ButtonProps) {
  return (
    <button type="submit" class={`button ${tone}`} name={name} value={value}>
      {children}
    </button>
  );
}

/** Leads somewhere, and looks like a button. */
export function LinkButton({
  tone = "plain",
  href,
  children,
}: {
  tone?: ButtonTone;
  href: string;
  children: ComponentChildren;
}) {
  return (
    <a class={`button ${tone}`} href={href}>
      {children}
    </a>
  );
}
