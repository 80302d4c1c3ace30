import { KindGuard, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { toJsonSchema } from "../apple/format/json-schema.ts";
import { passContent } from "../apple/format/pass.ts";
import { dictionary, localizable, optional } from "../apple/format/schema.ts";
import { identity } from "../apple/format/top-level.ts";
import { TemplateDefinition } from "./definition.ts";

/** Text with a placeholder in it, for whatever is text on the pass. */
const WITH_PLACEHOLDER = Type.String({
  pattern: "\\{\\{[^{}]+\\}\\}",
  description: "Text with placeholders, such as {{member-name}}.",
});

/** Nothing but a placeholder, for what is no text on the pass: it keeps the type of the field. */
const WHOLE_PLACEHOLDER = Type.String({
  pattern: "^\\s*\\{\\{[^{}]+\\}\\}\\s*$",
  description: "One placeholder, such as {{points-balance}}.",
});

/**
 * `template.json` as TypeBox: pass.json without what the server fills in, and with placeholders wherever a value can
 * stand.
 */
export const templateFile = (): TObject =>
  Type.Object(
    {
      $schema: Type.Optional(Type.String({ description: "For the editor only." })),
      id: Type.Optional(
        Type.String({
          description: "Written by the first push; names the template in webhooks.",
          pattern: "^ptk_0x[0-9a-f]{1,16}$",
        }),
      ),
      ...TemplateDefinition.properties,
      pass: withPlaceholders(
        dictionary(
          {
            description: identity.description,
            ...optional({
              organizationName: localizable("Who issued the pass. Default: the account's name."),
              ...passContent,
            }),
          },
          "Apple's pass.json with placeholders. Identity and web service are filled in by the server.",
        ),
      ),
    },
    { additionalProperties: false, description: "A template of Passhook." },
  );

/** JSON Schema of `template.json`, for editors. */
export const passTemplateSchema = () => toJsonSchema(templateFile());

/** The same schema, of which every leaf also takes a placeholder. */
function withPlaceholders(schema: TSchema): TSchema {
  const taken = accepting(schema);
  return KindGuard.IsOptional(schema) ? Type.Optional(taken) : taken;
}

function accepting(schema: TSchema): TSchema {
  const { description, title } = schema;
  const about = { ...(description && { description }), ...(title && { title }) };
  if (KindGuard.IsObject(schema)) {
    const properties = Object.entries(schema.properties).map(([name, property]) => [name, withPlaceholders(property)]);
    return Type.Object(Object.fromEntries(properties), {
      ...about,
      additionalProperties: schema.additionalProperties ?? true,
    });
  }
  if (KindGuard.IsArray(schema)) {
    const { maxItems, minItems } = schema;
    return Type.Array(withPlaceholders(schema.items), {
      ...about,
      ...(maxItems === undefined ? {} : { maxItems }),
      ...(minItems === undefined ? {} : { minItems }),
    });
  }
  if (takesAnyText(schema)) return schema;
  const isText =
    KindGuard.IsString(schema) ||
    (KindGuard.IsUnion(schema) && schema.anyOf.every((one) => typeof one["const"] === "string"));
  // An alternative needs no text of its own; what stands around it has it.
  const { description: _, ...leaf } = schema;
  return Type.Union([leaf as TSchema, isText ? WITH_PLACEHOLDER : WHOLE_PLACEHOLDER], about);
}

function takesAnyText(schema: TSchema): boolean {
  if (KindGuard.IsUnion(schema)) return schema.anyOf.some(takesAnyText);
  return KindGuard.IsUnknown(schema) || (KindGuard.IsString(schema) && schema.pattern === undefined);
}
