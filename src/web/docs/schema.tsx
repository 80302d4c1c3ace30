/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import type { JsonSchema } from "../../api/openapi/json-schema.ts";
import { inline } from "./prose.tsx";
import { nameOf } from "./read-document.ts";

export type Schemas = Readonly<Record<string, JsonSchema>>;

export const schemaAnchor = (name: string): string => `schema-${name}`;

/** What a value may be, in words: `string or null`, `list of Pass`. */
export function TypeOf({ schema }: { readonly schema: JsonSchema }): ComponentChildren {
  const name = nameOf(schema);
  if (name !== undefined) return <a href={`#${schemaAnchor(name)}`}>{name}</a>;
  const { type, anyOf, items, additionalProperties, contentSchema } = schema;
  if (schema.const !== undefined) return <code>{JSON.stringify(schema.const)}</code>;
  if (schema.enum) return "string";
  if (anyOf) {
    return anyOf.map((choice, i) => (
      <>
        {i > 0 && " or "}
        <TypeOf schema={choice} />
      </>
    ));
  }
  if (contentSchema) {
    return (
      <>
        lines of <TypeOf schema={contentSchema} />
      </>
    );
  }
  if (items) {
    return (
      <>
        list of <TypeOf schema={items} />
      </>
    );
  }
  if (typeof additionalProperties === "object") {
    return (
      <>
        map of <TypeOf schema={additionalProperties} />
      </>
    );
  }
  return [type ?? "anything"].flat().join(" or ");
}

/** The parts of an object, each with those that it has itself. */
export function Properties({ schema }: { readonly schema: JsonSchema }) {
  const { properties = {}, required = [] } = schema;
  return (
    <dl class="properties">
      {Object.entries(properties).map(([name, property]) => (
        <Property name={name} schema={property} isRequired={required.includes(name)} />
      ))}
    </dl>
  );
}

export interface PropertyProps {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
  /** In the place of the schema's own. */
  readonly description?: string;
  readonly example?: string | number | undefined;
}

/** A named value: a part of an object, or a parameter. */
export function Property({ name, schema, isRequired, description = schema.description, example }: PropertyProps) {
  const inner = [schema, schema.items, ...(schema.anyOf ?? [])].find((part) => part?.properties);
  return (
    <div>
      <dt>
        <code>{name}</code>
        <span class="type">
          <TypeOf schema={schema} />
        </span>
        {isRequired && <span class="required">required</span>}
      </dt>
      <dd>
        {description && <p>{inline(description)}</p>}
        <Facts schema={schema} example={example} />
        {inner && <Properties schema={inner} />}
      </dd>
    </div>
  );
}

/** What a schema says besides its type. */
function Facts({ schema, example }: { readonly schema: JsonSchema; readonly example: string | number | undefined }) {
  const { minimum, maximum, default: usual } = schema;
  const choices = schema.enum ?? schema.items?.enum ?? [];
  const facts = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(usual === undefined ? [] : [`default \`${usual}\``]),
    ...(example === undefined ? [] : [`example \`${example}\``]),
  ];
  return (
    <>
      {choices.length > 0 && (
        <p class="choices">
          {choices.map((choice) => (
            <code>{String(choice)}</code>
          ))}
        </p>
      )}
      {facts.length > 0 && <p>{inline(facts.join(" · "))}</p>}
    </>
  );
}

/** A schema by itself: its parts, or its alternatives. */
export function SchemaBody({ schema }: { readonly schema: JsonSchema }) {
  if (schema.properties) return <Properties schema={schema} />;
  if (!schema.anyOf) {
    return (
      <p class="type">
        <TypeOf schema={schema} />
      </p>
    );
  }
  return (
    <ul class="alternatives">
      {schema.anyOf.map((choice) => (
        <li>{choice.properties ? <Properties schema={choice} /> : <TypeOf schema={choice} />}</li>
      ))}
    </ul>
  );
}
