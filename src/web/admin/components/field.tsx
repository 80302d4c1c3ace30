/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { capitalised } from "../words.ts";

interface FieldBasics {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  /** What is wrong with the value; `visit.form(…).field(…)` gives name, value and error. */
  readonly error?: string | undefined;
  /** What to think about, which keeps nobody from going on. */
  readonly warning?: string | undefined;
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
  /** Id of a `datalist` with what may be meant. */
  readonly list?: string;
  readonly autofocus?: boolean;
  readonly readonly?: boolean;
}

/** One line of text with its label; what is wrong with it stands at it. */
export function Field({
  label,
  name,
  value,
  error,
  warning,
  hint,
  required = false,
  type = "text",
  mono,
  autofocus = error !== undefined,
  ...rest
}: FieldProps) {
  const id = useId();
  return (
    <Labelled {...{ id, label, error, warning, hint, required }}>
      <input
        id={id}
        class={mono ? "mono" : undefined}
        // Preact types each kind of input apart; these take the same attributes.
        type={type as "text"}
        name={name}
        value={type === "password" || type === "file" ? "" : value}
        required={required}
        spellcheck={false}
        autofocus={autofocus}
        {...rest}
        {...described(id, { error, warning, hint })}
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
export function TextArea({
  label,
  name,
  value,
  error,
  warning,
  hint,
  required = false,
  rows = 4,
  mono,
}: TextAreaProps) {
  const id = useId();
  return (
    <Labelled {...{ id, label, error, warning, hint, required }}>
      <textarea
        id={id}
        class={mono ? "mono" : undefined}
        name={name}
        rows={rows}
        required={required}
        spellcheck={!mono}
        {...described(id, { error, warning, hint })}
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
export function Select({ label, name, value, error, warning, hint, required = false, options }: SelectProps) {
  const id = useId();
  return (
    <Labelled {...{ id, label, error, warning, hint, required }}>
      <select id={id} name={name} {...described(id, { error, warning, hint })}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

interface Remarks {
  readonly error: string | undefined;
  readonly warning: string | undefined;
  readonly hint: ComponentChildren;
}

interface LabelledProps extends Remarks {
  readonly id: string;
  readonly label: string;
  readonly required: boolean | undefined;
  readonly children: ComponentChildren;
}

/** Problems are worded to follow a path ("must be a number"); alone they begin with a capital. */
function Labelled({ id, label, error, warning, hint, required, children }: LabelledProps) {
  return (
    <div class={error ? "field wrong" : "field"}>
      <label for={id}>
        {label}
        {required && <span class="required"> required</span>}
      </label>
      {children}
      {error && (
        <div class="error" id={`${id}-error`}>
          {capitalised(error)}
        </div>
      )}
      {warning && (
        <div class="warning" id={`${id}-warning`}>
          {capitalised(warning)}
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

/** Screen readers read what is said of the field with it. */
function described(
  id: string,
  { error, warning, hint }: Remarks,
): { "aria-describedby"?: string; "aria-invalid"?: "true" } {
  const said = [hint && "hint", warning && "warning", error && "error"].filter(Boolean);
  return {
    ...(said.length > 0 ? { "aria-describedby": said.map((what) => `${id}-${what}`).join(" ") } : {}),
    ...(error ? { "aria-invalid": "true" } : {}),
  };
}
