/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface CheckboxProps {
  readonly label: string;
  readonly name: string;
  /** `true` where it is ticked; that is also what is sent then. */
  readonly value: string;
  readonly hint?: ComponentChildren;
}

/** Yes or no. Nothing is sent where it is not ticked. */
export function Checkbox({ label, name, value, hint }: CheckboxProps) {
  const id = useId();
  return (
    <div class="checkbox">
      <input
        id={id}
        type="checkbox"
        name={name}
        value="true"
        checked={value === "true"}
        aria-describedby={hint ? `${id}-hint` : undefined}
      />
      <label for={id}>{label}</label>
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

export interface CheckboxesProps {
  readonly label: string;
  /** What is wrong with the choice. */
  readonly error?: string | undefined;
  readonly children: ComponentChildren;
}

/** Some of a few. */
export function Checkboxes({ label, error, children }: CheckboxesProps) {
  return (
    <fieldset class="checkboxes">
      <legend>{label}</legend>
      {children}
      {error && <div class="error">{error}</div>}
    </fieldset>
  );
}
