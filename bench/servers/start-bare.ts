import { fileURLToPath } from "node:url";
import { freePort } from "../../test/support/server-process.ts";

export interface BareServer extends AsyncDisposable {
  readonly port: number;
}

const PROGRAM = fileURLToPath(new URL("bare.ts", import.meta.url));

/** A bare route that answers `answer` to a webhook, and `bytes` bytes to a fetch. */
export async function startBareServer({ answer = {}, bytes = 0 }: { answer?: object; bytes?: number }) {
  const port = await freePort();
  const child = Bun.spawn([process.execPath, "run", PROGRAM, String(port), JSON.stringify(answer), String(bytes)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  if ((await reader.read()).done) throw new Error("The bare server did not start.");
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  } satisfies BareServer;
}
