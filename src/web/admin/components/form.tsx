/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";

export interface FormProps {
  /** `visit.action("name")`. */
  readonly action: string;
  /** In one line, as in a row of a table. */
  readonly inline?: boolean;
  /** For forms that take files. */
  readonly files?: boolean;
  readonly children: ComponentChildren;
}

/** A form that changes something. */
export function Form({ action, inline = false, files = false, children }: FormProps) {
  return (
    <form
      method="post"
      action={action}
      class={inline ? "form inline" : "form"}
      enctype={files ? "multipart/form-data" : undefined}
    >
      {children}
    </form>
  );
}

/** A value that goes with the form unseen. */
export function Hidden({ name, value }: { name: string; value: string | number }) {
  return <input type="hidden" name={name} value={value} />;
}
