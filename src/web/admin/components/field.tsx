/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FieldBasics {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  /** What is wrong with the value; `visit.form(…).field(…)` gives name, value and error. */
  readonly error?: string | undefined;
  readonly hint?: ComponentChildren;
  readonly required?: boolean;
}

export interface FieldProps extends FieldBasics {
  readonly type?: "text" | "email" | "password" | "search" | "url" | "tel" | "number" | "date" | "file";
  /** Of a file: what the browser offers to choose, such as `.cer,.pem`. */
  readonly accept?: string;
  readonly autocomplete?: string;
  readonly inputmode?: "decimal" | "numeric";
  readonly placeholder?: string;
  /** For what is typed exactly, such as ids. */
  readonly mono?: boolean;
  readonly autofocus?: boolean;
  readonly readonly?: boolean;
}

/** One line of text with its label; what is wrong with it stands at it. */
export function Field({
  label,
  name,
  value,
  error,
  hint,
  required = false,
  type = "text",
  mono,
  autofocus,
  ...rest
}: FieldProps) {
  const id = useId();
  return (
    <Labelled {...{ id, label, error, hint, required }}>
      <input
        id={id}
        class={mono ? "mono" : undefined}
        // Preact types each kind of input apart; these take the same attributes.
        type={type as "text"}
        name={name}
        value={type === "password" || type === "file" ? "" : value}
        required={required}
        spellcheck={false}
        autofocus={autofocus || error !== undefined}
        {...rest}
        {...described(id, error, hint)}
      />
    </Labelled>
  );
}

export interface TextAreaProps extends FieldBasics {
  readonly rows?: number;
  /** For code: as wide as the page. */
  readonly mono?: boolean;
}

/** Several lines of text. */
export function TextArea({ label, name, value, error, hint, required = false, rows = 4, mono }: TextAreaProps) {
  const id = useId();
  return (
    <Labelled {...{ id, label, error, hint, required }}>
      <textarea
        id={id}
        class={mono ? "mono" : undefined}
        name={name}
        rows={rows}
        required={required}
        spellcheck={!mono}
        {...described(id, error, hint)}
      >
        {value}
      </textarea>
    </Labelled>
  );
}

export interface SelectProps extends FieldBasics {
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** One of a few. */
export function Select({ label, name, value, error, hint, required = false, options }: SelectProps) {
  const id = useId();
  return (
    <Labelled {...{ id, label, error, hint, required }}>
      <select id={id} name={name} {...described(id, error, hint)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface LabelledProps {
  readonly id: string;
  readonly label: string;
  readonly error: string | undefined;
  readonly hint: ComponentChildren;
  readonly required: boolean | undefined;
  readonly children: ComponentChildren;
}

function Labelled({ id, label, error, hint, required, children }: LabelledProps) {
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={id}>
        {label}
        {required && <span class="required"> required</span>}
      </label>
      {children}
      {error && (
        <div class="error" id={`${id}-error`}>
          {sentence(error)}
        </div>
      )}
      {hint && (
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** Screen readers read the hint and the fault with the field. */
function described(
  id: string,
  error: string | undefined,
  hint: ComponentChildren,
): { "aria-describedby"?: string; "aria-invalid"?: "true" } {
  const ids = [hint ? `${id}-hint` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ");
  return {
    ...(ids ? { "aria-describedby": ids } : {}),
    ...(error ? { "aria-invalid": "true" } : {}),
  };
}

/** Problems are worded to follow a path ("must be a number"); alone they begin with a capital. */
const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
