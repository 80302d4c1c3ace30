import { type AnyElysia, Elysia } from "elysia";
import { openApiDocument } from "../../api/openapi/document.ts";

/** `/docs`: the reference of the API for people. `/docs/openapi.json`: the same for programs, from any origin. */
export function docsRoutes(api: readonly AnyElysia[], publicUrl: string) {
  const document = openApiDocument(
    api.flatMap(({ routes }) => routes),
    publicUrl,
  );
  return new Elysia({ name: "docs" }).get("/docs/openapi.json", () =>
    Response.json(document, { headers: { "access-control-allow-origin": "*" } }),
  );
}
