import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../test/support/server-process.ts";

export interface BenchFolder extends Disposable {
  readonly path: string;
}

/** A new folder on the project's disk: the system's temporary folder may be memory, where an fsync costs nothing. */
export function benchFolder(): BenchFolder {
  const parent = join(ROOT, "node_modules", ".cache");
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "passhook-bench-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
