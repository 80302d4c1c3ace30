/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import type { FormState } from "../form-state.ts";
import { Notice } from "./notice.tsx";

export interface FormProps {
  /** `visit.action("name")`. */
  readonly action: string;
  /** `visit.form("name")`: shows what is wrong as a whole. */
  readonly state?: FormState;
  /** In one line, as in a row of a table. */
  readonly inline?: boolean;
  /** For forms that take files. */
  readonly files?: boolean;
  readonly children: ComponentChildren;
}

/** A form that changes something. */
export function Form({ action, state, inline = false, files = false, children }: FormProps) {
  return (
    <form method="post" action={action} class={inline ? "form inline" : "form"} enctype={files ? "multipart/form-data" : undefined}>
      {state?.message && <Notice tone="bad" title={state.message} />}
      {children}
    </form>
  );
}

/** A value that goes with the form unseen. */
export function Hidden({ name, value }: { name: string; value: string | number }) {
  return <input type="hidden" name={name} value={value} />;
}
