import { Type } from "@sinclair/typebox";
import { strict } from "./common.ts";

export const Alive = Type.Object({ status: Type.Literal("ok") }, { ...strict, $id: "Alive" });

const Component = Type.Object({ ok: Type.Boolean(), detail: Type.String() }, strict);

export const Readiness = Type.Object(
  {
    ready: Type.Boolean({ description: "Whether webhooks are accepted." }),
    components: Type.Object(
      { server: Component, database: Component, disk: Component, outbox: Component, certificate: Component },
      strict,
    ),
  },
  { ...strict, $id: "Readiness" },
);
