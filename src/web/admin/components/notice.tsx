/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface NoticeProps {
  readonly tone: "good" | "info" | "warning" | "bad";
  readonly title?: string;
  /** Where something can be done about it. */
  readonly link?: { readonly href: string; readonly label: string };
  readonly children?: ComponentChildren;
}

/** Something the reader must know before the rest. */
export function Notice({ tone, title, link, children }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {title && (
        <strong>
          {title} {link && <a href={link.href}>{link.label}</a>}
        </strong>
      )}
      {children && <div>{children}</div>}
    </div>
  );
}
