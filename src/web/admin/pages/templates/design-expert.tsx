/** @jsxImportSource preact */
import { KindGuard, type TSchema } from "@sinclair/typebox";
import { AREAS, PASS_LISTS, PASS_TEXTS } from "../../../../templates/design/design.ts";
import { lineOfPath } from "../../../../templates/design/rest-lines.ts";
import { templateFile } from "../../../../templates/template-schema.ts";
import { TextArea } from "../../components/field.tsx";
import { At, type DesignForm, Section } from "./design-inputs.tsx";

/** Everything that has no input of its own, as it stands in template.json. */
export function ExpertSection({ form }: { form: DesignForm }) {
  const { name, value } = form.field("rest");
  return (
    <Section
      id="expert"
      title="For experts"
      about={value === "" ? "Everything else, as JSON" : "Everything else, as JSON: in use"}
      form={form}
      inputs={["rest"]}
    >
      <At name="rest">
        <TextArea
          label="Rest of template.json"
          mono
          rows={Math.min(30, Math.max(8, value.split("\n").length + 1))}
          hint='For instance {"pass": {"semantics": {"eventName": "{{event}}"}}}.'
          {...{ name, value }}
        />
      </At>
      <ul class="json-problems" data-part="rest">
        {form.findings
          .filter(({ input }) => input === "rest")
          .map(({ path, message, severity }) => (
            <li key={path + message} class={severity}>
              {path !== "rest" && <b>Line {lineOfPath(value, path)}: </b>}
              {path !== "rest" && <code>{path}</code>} {message}
            </li>
          ))}
      </ul>
      <details class="more" id="schema">
        <summary>What can stand here</summary>
        <dl class="schema">
          {HELP.map(([path, about]) => (
            <div key={path}>
              <dt>
                <code>{path}</code>
              </dt>
              <dd>{about}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Section>
  );
}

/** Deep enough to name what is in semantics, not what is in those. */
const HELP_DEPTH = 2;

function* helpOf(schema: TSchema, path: string, depth: number): Generator<readonly [path: string, about: string]> {
  if (!KindGuard.IsObject(schema) || depth > HELP_DEPTH) return;
  for (const [key, property] of Object.entries(schema.properties)) {
    yield [`${path}.${key}`, property.description ?? ""];
    yield* helpOf(property, `${path}.${key}`, depth + 1);
  }
}

const { pass, personalization } = templateFile().properties;
const hasInput = (path: string): boolean => {
  const key = path.split(".").at(1) ?? "";
  return Object.hasOwn(PASS_TEXTS, key) || [...AREAS, ...PASS_LISTS].some((name) => path.split(".").includes(name));
};

const HELP: readonly (readonly [path: string, about: string])[] = [
  ...(pass ? [...helpOf(pass, "pass", 1)].filter(([path]) => !hasInput(path)) : []),
  ...(personalization ? [...helpOf(personalization, "personalization", 1)] : []),
];
