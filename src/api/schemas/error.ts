import { Type } from "@sinclair/typebox";

/** Every answer but a good one. `error`, `message` and `msg` hold the same text, because clients differ in what they read. */
export const ErrorObject = Type.Object(
  {
    error: Type.String(),
    message: Type.String(),
    msg: Type.String(),
    code: Type.String({ pattern: "^[A-Z_]+$", description: "For programs: NOT_FOUND, PASS_DELETED, …" }),
    details: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, { additionalProperties: false }), {
        description: "Every problem of the request, with the place it is at.",
      }),
    ),
  },
  { additionalProperties: false },
);
