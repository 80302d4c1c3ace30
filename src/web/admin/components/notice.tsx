/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface NoticeProps {
  readonly tone: "good" | "info" | "warning" | "bad";
  readonly title?: string;
  readonly children?: ComponentChildren;
}

/** Something the reader must know before the rest. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {title && <strong>{title}</strong>}
      {children && <div>{children}</div>}
    </div>
  );
}
