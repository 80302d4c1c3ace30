import { Elysia } from "elysia";
import { STYLESHEET, STYLESHEET_PATH } from "./stylesheet.ts";

/** Files of the pages, named after their content. */
export function assetRoutes() {
  return new Elysia({ name: "assets" }).get(
    STYLESHEET_PATH,
    () =>
      new Response(STYLESHEET, {
        headers: { "content-type": "text/css; charset=utf-8", "cache-control": "public, max-age=31536000, immutable" },
      }),
  );
}
