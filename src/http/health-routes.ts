import { Elysia } from "elysia";
import type { Health } from "./health.ts";

/** `/livez`: the process answers. `/readyz`: it can do its work; 503 while it cannot, or is shutting down. */
export function healthRoutes(health: Health) {
  return new Elysia({ name: "health" })
    .get("/livez", () => ({ status: "ok" }))
    .get("/readyz", async ({ set }) => {
      const report = await health.report();
      if (!report.ready) set.status = 503;
      set.headers["cache-control"] = "no-store";
      return report;
    });
}
