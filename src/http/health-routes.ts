import { Elysia } from "elysia";
import { documented } from "../api/openapi/operation.ts";
import { livez, readyz } from "../api/operations/health.ts";
import type { Health } from "./health.ts";

/** `/livez`: the process answers. `/readyz`: it can do its work; 503 while it cannot, or is shutting down. */
export function healthRoutes(health: Health) {
  return new Elysia({ name: "health" })
    .get("/livez", () => ({ status: "ok" }), documented(livez))
    .get(
      "/readyz",
      async ({ set }) => {
        const report = await health.report();
        if (!report.ready) set.status = 503;
        set.headers["cache-control"] = "no-store";
        return report;
      },
      documented(readyz),
    );
}
