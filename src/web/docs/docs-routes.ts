import { type AnyElysia, Elysia } from "elysia";
import { openApiDocument } from "../../api/openapi/document.ts";
import { renderDocsPage } from "./docs-page.tsx";

/** `/docs`: the reference of the API for people. `/docs/openapi.json`: the same for programs, from any origin. */
export function docsRoutes(api: readonly AnyElysia[], publicUrl: string) {
  const written = onFirstUse(() => {
    const routes = api.flatMap(({ routes }) => routes);
    const document = openApiDocument(routes, publicUrl);
    return { json: JSON.stringify(document), page: renderDocsPage(document) };
  });
  return new Elysia({ name: "docs" })
    .get("/docs", () => new Response(written().page, { headers: { "content-type": "text/html; charset=utf-8" } }))
    .get(
      "/docs/openapi.json",
      () =>
        new Response(written().json, {
          headers: { "content-type": "application/json", "access-control-allow-origin": "*" },
        }),
    );
}

/** Most who start the program read no reference. */
function onFirstUse<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
