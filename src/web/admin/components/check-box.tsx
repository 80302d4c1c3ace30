/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface CheckBoxProps {
  readonly label: string;
  /** Sent, with the value `on`, where it is ticked. */
  readonly name: string;
  readonly checked: boolean;
  readonly hint?: ComponentChildren;
}

/** Yes or no. */
export function CheckBox({ label, name, checked, hint }: CheckBoxProps) {
  const id = useId();
  return (
    <div class="check">
      <input id={id} type="checkbox" name={name} checked={checked} aria-describedby={hint ? `${id}-hint` : undefined} />
      <label for={id}>{label}</label>
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

export interface CheckBoxesProps {
  readonly label: string;
  /** What is wrong with the choice. */
  readonly error?: string | undefined;
  readonly children: ComponentChildren;
}

/** Some of a few. */
export function CheckBoxes({ label, error, children }: CheckBoxesProps) {
  return (
    <fieldset class="checkboxes">
      <legend>{label}</legend>
      {children}
      {error && <div class="error">{error}</div>}
    </fieldset>
  );
}
