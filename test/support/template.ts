import type { FieldDefinition } from "../../src/templates/definition.ts";

/** A small template with the fields given, each shown on the pass under its own name. */
export function cardWith(
  fields: Readonly<Record<string, FieldDefinition>>,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    name: "Card",
    style: "generic",
    fields,
    pass: {
      organizationName: "Test shop",
      description: "A card",
      generic: { backFields: Object.keys(fields).map((name) => ({ key: name, label: name, value: `{{${name}}}` })) },
    },
    ...more,
  };
}
