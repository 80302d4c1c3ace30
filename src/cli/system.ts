import type { Command } from "commander";
import { shownSettings } from "../config.ts";
import { AppError, messageOf } from "../errors.ts";
import { VERSION } from "../version.ts";
import { type CliIo, command } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

const WAIT_MS = 60_000;
const ASK_AGAIN_MS = 250;

/** `migrate`, `config`, `readyz`, `version`. */
export function systemCommands(io: CliIo, program: Command): void {
  command(io, program, "migrate", "bring the database up to this version", async ({ output, withApp }) => {
    const report = await withApp(async (app) => app.migrations);
    print(output, { applied: report.applied, backup: report.backup ?? null }, () =>
      report.applied.length === 0
        ? "The database is up to date."
        : facts([
            ["applied", report.applied.join(", ")],
            ["backup", report.backup],
          ]),
    );
  });

  command(io, program, "config", "show every setting and where it comes from", async ({ output, resolved }) => {
    const items = shownSettings(resolved.settings).map(({ variable, value, origin }) => ({
      setting: variable,
      value,
      origin,
    }));
    printPage(output, { items, next: null }, "");
  });

  command(
    io,
    program,
    "readyz",
    "ask the running server whether it is ready",
    async ({ output, resolved }, _, options) => {
      const { hostname, port } = resolved.config.listen;
      const host =
        hostname === "0.0.0.0"
          ? "127.0.0.1"
          : hostname.includes(":")
            ? `[${hostname === "::" ? "::1" : hostname}]`
            : hostname;
      const report = await askReadiness(`http://${host}:${port}/readyz`, options["wait"] === true);
      print(output, report.body, () => (report.ready ? "ready" : `not ready: ${JSON.stringify(report.body)}`));
      if (!report.ready) throw new AppError("unavailable", "The server is not ready.");
    },
  ).option("--wait", "wait up to a minute until it is");

  command(io, program, "version", "print the version", async ({ output }) => {
    print(output, { version: VERSION }, () => VERSION);
  });
}

async function askReadiness(url: string, wait: boolean): Promise<{ ready: boolean; body: unknown }> {
  const patientUntil = performance.now() + (wait ? WAIT_MS : 0);
  for (;;) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok || performance.now() >= patientUntil) return { ready: response.ok, body: await response.json() };
    } catch (error) {
      if (performance.now() >= patientUntil) {
        throw new AppError(
          "unavailable",
          `No server answers at ${url} (${messageOf(error)}). Start it with: passhook serve`,
        );
      }
    }
    await Bun.sleep(ASK_AGAIN_MS);
  }
}
