/** @jsxImportSource preact */

import type { FieldUpdate } from "../../../passes/update.ts";
import type { WholePass } from "../../../passes/whole-pass.ts";
import type { FieldDefinition, FieldType, TemplateDefinition } from "../../../templates/definition.ts";
import { type GivenValue, valueOrDefault } from "../../../templates/fill.ts";
import { Button } from "../components/button.tsx";
import { Card } from "../components/card.tsx";
import { Facts } from "../components/facts.tsx";
import { Field, type FieldProps, Select } from "../components/field.tsx";
import { Form, Hidden } from "../components/form.tsx";
import type { FormState } from "../form-state.ts";
import type { SentForm } from "../sent-form.ts";
import type { Visit } from "../visit.ts";
import { capitalised } from "../words.ts";

/** Every field of the template; one that is left empty loses its value. */
export function fieldsOfForm({ fields }: TemplateDefinition, form: SentForm): FieldUpdate {
  const given = new Map<string, GivenValue>();
  for (const name of Object.keys(fields)) {
    const text = form.text(inputOf(name));
    given.set(name, text === "" ? { kind: "missing" } : { kind: "text", text });
  }
  const values = [...given].filter(([, value]) => value.kind === "text");
  return { given: new Map(values), mode: "replace" };
}

/** The path of the field's problems, so that each is shown at its field. */
const inputOf = (name: string): string => `pass.${name}`;

/** What the pass says: to be changed, or only to be read. */
export function PassFields({ whole: { pass, template }, visit }: { whole: WholePass; visit: Visit }) {
  const fields = Object.entries(template.definition.fields);
  if (fields.length === 0) return null;
  if (!visit.may("editor") || pass.state === "deleted") {
    return (
      <Card title="Values">
        <Facts
          facts={fields.map(([name, field]) => [
            labelOf(name, field),
            valueOrDefault(template.definition, pass.values, name) ?? "–",
          ])}
        />
      </Card>
    );
  }
  const form = visit.form("update");
  return (
    <Card title="Values">
      <Form action={visit.action("update")}>
        <Hidden name="seen" value={pass.updatedAt} />
        <div class="field-grid">
          {fields.map(([name, field]) => (
            <ValueField key={name} name={name} field={field} value={pass.values[name] ?? ""} form={form} />
          ))}
        </div>
        <Button tone="primary">Save the values</Button>
      </Form>
    </Card>
  );
}

interface ValueFieldProps {
  readonly name: string;
  readonly field: FieldDefinition;
  readonly value: string;
  readonly form: FormState;
}

function ValueField({ name, field, value, form }: ValueFieldProps) {
  const shared = {
    label: labelOf(name, field),
    required: field.required === true && field.default === undefined,
    hint: HINTS[field.type],
    ...form.field(inputOf(name), value),
  };
  if (field.type === "boolean") return <Select {...shared} options={YES_OR_NO} />;
  const placeholder = field.default === undefined ? "" : String(field.default);
  return <Field {...shared} {...INPUTS[field.type]} placeholder={placeholder} autocomplete="off" />;
}

/** What people call a field; one that the template has no more goes by its name. */
export const labelOf = (name: string, field?: FieldDefinition): string =>
  field?.label ?? capitalised(name.replace(/[._-]+/g, " "));

const YES_OR_NO = [
  { value: "", label: "Not given" },
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];

/** What stands in the field's canonical form and would not be guessed. */
const HINTS: Readonly<Partial<Record<FieldType, string>>> = {
  date: "2026-11-21, or with a time 2026-11-21T18:30.",
  phone: "With the country code: +49…",
  colour: "rgb(255, 136, 0) or #ff8800.",
};

/** Which keyboard a phone shows. What is typed is judged by the server alone, by the rules of the API. */
const INPUTS: Readonly<Partial<Record<FieldType, Pick<FieldProps, "type" | "inputmode">>>> = {
  number: { inputmode: "decimal" },
  phone: { type: "tel" },
};
