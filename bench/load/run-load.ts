import { fileURLToPath } from "node:url";
import type { LoadPlan, LoadResult } from "./plan.ts";

const GENERATOR = fileURLToPath(new URL("generator.ts", import.meta.url));

/** Sends the load from a process of its own. Throws when any answer was not the one that was expected. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const child = Bun.spawn([process.execPath, "run", GENERATOR], {
    stdin: new Blob([JSON.stringify(plan)]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`The load was not answered as expected:\n${errors}`);
  return JSON.parse(output) as LoadResult;
}
