import { Elysia } from "elysia";
import { AppError } from "../errors.ts";
import { findAsset } from "./assets.ts";

/** Files of the pages; their address changes with their content. */
export function assetRoutes() {
  return new Elysia({ name: "assets" }).get("/assets/:edition/:name", ({ params }) => {
    const asset = findAsset(params.edition, params.name);
    if (!asset) throw new AppError("not_found", "There is no such file.");
    return new Response(asset.text, {
      headers: { "content-type": asset.type, "cache-control": "public, max-age=31536000, immutable" },
    });
  });
}
