import { existsSync } from "node:fs";
import { inspectDatabase } from "../db/inspect.ts";
import { messageOf } from "../errors.ts";
import { type Check, good, problem, warning } from "./check.ts";

/** The file is sound, and this program's; `ready` where the app can open it without changing it. */
export function checkDatabase(path: string): { readonly checks: readonly Check[]; readonly ready: boolean } {
  if (!existsSync(path)) {
    return {
      ready: false,
      checks: [warning("database", "There is none yet; the first start makes it (passhook serve).")],
    };
  }
  try {
    const { pending, faults } = inspectDatabase(path);
    const checks = [
      faults.length === 0
        ? good("database", `${path} is sound`)
        : problem("database", `${path} is damaged (${faults.join("; ")}). Stop the server and restore a backup.`),
      pending.length === 0
        ? good("migrations", "up to date")
        : warning(
            "migrations",
            `${pending.join(", ")} not applied yet; the next start does, after a backup (passhook serve).`,
          ),
    ];
    return { ready: pending.length === 0, checks };
  } catch (error) {
    return { ready: false, checks: [problem("database", `${path} cannot be used (${messageOf(error)}).`)] };
  }
}
