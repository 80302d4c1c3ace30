import { Type } from "@sinclair/typebox";
import { strict } from "./common.ts";

/** Every answer but a good one. `error`, `message` and `msg` hold the same text, because clients differ in what they read. */
export const ErrorObject = Type.Object(
  {
    error: Type.String({ description: "What happened, where, and what to do." }),
    message: Type.String({ description: "The same." }),
    msg: Type.String({ description: "The same." }),
    code: Type.String({ pattern: "^[A-Z_]+$", description: "For programs: `NOT_FOUND`, `PASS_DELETED`, …" }),
    details: Type.Optional(
      Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, strict), {
        description: "Every problem of the request, with the place it is at.",
      }),
    ),
  },
  { ...strict, $id: "Error", description: "Every answer but a good one." },
);
