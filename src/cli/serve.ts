import type { Command } from "commander";
import { type App, createApp } from "../app.ts";
import { AppError, messageOf } from "../errors.ts";
import { type FirstRun, prepareFirstAdmin, prepareFirstRun } from "../first-run.ts";
import { VERSION } from "../version.ts";
import { type CliIo, command } from "./context.ts";
import { facts, print } from "./output.ts";

const ECHO_MS = 500;

/** `serve`, which is also what runs without a command. */
export function serveCommand(io: CliIo, program: Command): void {
  command(
    io,
    program,
    "serve",
    "start the server (default)",
    async ({ output, resolved, log }) => {
      const stopSignal = nextStopSignal();
      await using app = createApp({ ...resolved, log });
      if (app.migrations.backup) log.info("The database was brought up to date.", { backup: app.migrations.backup });
      const adminLink = await prepareFirstAdmin(app, resolved.secrets).catch((error: unknown) => {
        // A full disk is no reason not to start: webhooks are answered 503 and come again.
        if (!(error instanceof AppError && error.code === "unavailable")) throw error;
        log.warn("There is no admin yet, and no link to make one now.", { error: error.message });
        return undefined;
      });
      start(app);
      // Not before it is certain that its key will be shown.
      const first = await prepareFirstRun(app);
      const status = { ...(await describe(app, first)), adminLink: adminLink?.url ?? null };
      print(output, status, () => startBlock(status));
      log.info("Stopping.", { signal: await stopSignal });
    },
    { isDefault: true },
  );
}

/**
 * A second signal ends the process at once, as people expect who press Ctrl-C twice. What comes right after the first is
 * its echo: a terminal, or systemd, sends a signal to every process, and `npm start` hands its own on.
 */
function nextStopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const signals = ["SIGINT", "SIGTERM"] as const;
  const stop = (signal: string) => {
    resolve(signal);
    setTimeout(() => {
      for (const one of signals) process.off(one, stop);
    }, ECHO_MS);
  };
  for (const signal of signals) process.on(signal, stop);
  return promise;
}

function start(app: App): void {
  const { hostname, port } = app.config.listen;
  try {
    app.start();
  } catch (error) {
    throw new AppError(
      "unavailable",
      `Cannot listen on ${hostname}:${port} (${messageOf(error)}). Choose another with --listen ADDRESS:PORT.`,
    );
  }
}

interface ServerStatus {
  readonly version: string;
  readonly data: string;
  readonly listen: string;
  readonly publicUrl: string;
  readonly demo: boolean;
  readonly missing: readonly string[];
  /** What will stop working, or has. */
  readonly attention: readonly string[];
  readonly firstRun: FirstRun | null;
  /** Makes the first admin, once. */
  readonly adminLink: string | null;
}

async function describe(app: App, first: FirstRun | undefined): Promise<Omit<ServerStatus, "adminLink">> {
  const { listen, publicUrl, dataDir } = app.config;
  const account = await app.accounts.resolve(undefined);
  const [identities, connection, expiring] = await Promise.all([
    app.identities.list(account.id, { limit: 100 }),
    app.connections.status(account.id),
    app.expiry.warnings(),
  ]);
  const hasCertificate = identities.items.some(({ development }) => !development);
  const missing: string[] = [];
  if (!hasCertificate)
    missing.push(
      "a certificate from Apple, without which no iPhone accepts a pass: passhook certificate request, then passhook certificate import",
    );
  if (connection.mode === "sandbox")
    missing.push("a Klaviyo key, without which write-backs are recorded, not sent: passhook klaviyo connect");
  if (connection.mode === "disconnected")
    missing.push("a Klaviyo key, without which write-backs wait: passhook klaviyo connect");
  if (!publicUrl.startsWith("https:"))
    missing.push("an https address that phones can reach: PASSHOOK_PUBLIC_URL=https://…");
  const hostname = listen.hostname.includes(":") ? `[${listen.hostname}]` : listen.hostname;
  return {
    version: VERSION,
    data: dataDir,
    listen: `http://${hostname}:${listen.port}`,
    publicUrl,
    demo: !hasCertificate && connection.mode === "sandbox",
    missing,
    attention: expiring.map(({ text }) => text),
    firstRun: first ?? null,
  };
}

function startBlock(status: ServerStatus): string {
  const { version, data, listen, publicUrl, demo, missing, attention, firstRun, adminLink } = status;
  const lines = [
    `Passhook ${version}${demo ? " (demo mode)" : ""}`,
    "",
    facts([
      ["data", data],
      ["listening", listen],
      ["public", publicUrl],
    ]),
  ];
  if (missing.length > 0) lines.push("", "Missing for production:", ...missing.map((one) => `  - ${one}`));
  if (attention.length > 0) lines.push("", "Needs attention:", ...attention.map((one) => `  - ${one}`));
  if (adminLink) {
    lines.push(
      "",
      "Make the first admin in your browser, once, within 30 minutes:",
      facts([["admin link", adminLink]]),
    );
  }
  if (firstRun) {
    lines.push(
      "",
      "Made for you, the key shown only now:",
      facts([
        ["X-API-KEY", firstRun.apiKey],
        ["X-ACCOUNT-ID", firstRun.accountId],
        ["template", firstRun.templateId],
        ["sample pass", firstRun.samplePassUrl],
      ]),
      "",
      "Issue a pass exactly as a Klaviyo flow does:",
      "",
      firstRun.curl,
    );
  }
  return `${lines.join("\n")}\n`;
}
