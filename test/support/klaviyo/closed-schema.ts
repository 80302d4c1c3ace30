import { type TProperties, type TSchema, Type } from "@sinclair/typebox";

/*
 * The request bodies are those of Klaviyo's OpenAPI document, revision 2026-07-15, with every object closed: the document
 * leaves them open, yet the API refuses unknown fields. Only free-form members stay open.
 */
export const closed = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const optionalText = () => Type.Optional(nullable(Type.String()));
export const optionalFlag = () => Type.Optional(nullable(Type.Boolean()));
export const open = () => Type.Unsafe<Readonly<Record<string, unknown>>>(Type.Object({}));

/** `{"data": …}` */
export const document = <T extends TSchema>(data: T) => closed({ data });

/** `{"data": {"type", "attributes"}}` */
export const resource = <T extends string, A extends TSchema>(type: T, attributes: A) =>
  document(closed({ type: Type.Literal(type), attributes }));

/** `{"type", "id"}` */
export const identifier = <T extends string>(type: T) => closed({ type: Type.Literal(type), id: Type.String() });
