import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { passObject } from "../api/pass-object.ts";
import type { App } from "../app.ts";
import { devicesOf } from "../apple/device-store.ts";
import { lintPackage } from "../apple/lint/lint-package.ts";
import { describeReport } from "../apple/lint/report-text.ts";
import { systemClock, toIso } from "../clock.ts";
import { AppError, UsageError } from "../errors.ts";
import { listPassEvents } from "../passes/pass-store.ts";
import { type CliIo, command, textOption } from "./context.ts";
import { facts, print } from "./output.ts";
import { collect, ownPass, parseFields, recipientOf } from "./pass-arguments.ts";
import { bulkOptions, namedFile, runFile } from "./pass-bulk.ts";

/** `pass`: issuing, showing and fetching passes. */
export function passCommands(io: CliIo, program: Command): void {
  const pass = program.command("pass").description("passes that were issued");

  const issue = command(io, pass, "issue", "issue a pass, or all of a file", async (context, _, options) => {
    const file = namedFile(options);
    if (file) return runFile(io, context, options, "issue", file);
    const { output, withApp } = context;
    if (textOption(options, "template") === undefined) throw new UsageError("give --template ID.");
    const given = parseFields(options);
    const issued = await withApp(async (app) => {
      const account = await app.accounts.resolve(textOption(options, "account"));
      const template = await app.templates.current(account.id, textOption(options, "template") ?? "");
      const { pass: made } = await app.issuer.issue({
        accountId: account.id,
        template,
        given,
        recipient: recipientOf(options),
        idempotencyKey: textOption(options, "idempotencyKey"),
        // A person who runs a command twice means it twice.
        bodyHash: createHash("sha256").update(crypto.randomUUID()).digest("hex"),
      });
      return passObject(made, template, app.config.publicUrl, app.clock.now());
    });
    print(output, issued, () =>
      facts([
        ["serial", issued.serialNumber],
        ["link", issued.url],
        ["status", issued.status],
      ]),
    );
  })
    .option("--template <id>", "template")
    .option("--field <name=value>", "a field of the template; may be repeated", collect, [])
    .option("--email <email>", "recipient's email address")
    .option("--name <name>", "recipient's name")
    .option("--phone <phone>", "recipient's phone number with country code")
    .option("--external-id <id>", "recipient's external id")
    .option("--klaviyo-id <id>", "recipient's Klaviyo profile id")
    .option("--idempotency-key <key>", "the same key again gives the same pass")
    .option("--account <id>", "account (default: the first)");
  bulkOptions(issue);

  command(
    io,
    pass,
    "show <serial>",
    "a pass with its history and what is still to be written back",
    async ({ output, withApp }, [serial = ""], options) => {
      const shown = await withApp((app) => showPass(app, serial, textOption(options, "account")));
      print(output, shown, () =>
        [
          facts([
            ["serial", shown.serialNumber],
            ["status", shown.status],
            ["template", shown.passTemplate],
            ["link", shown.url],
            [
              "recipient",
              [shown.recipient.name, shown.recipient.email, shown.recipient.phone].filter(Boolean).join(", "),
            ],
            ["Klaviyo profile", shown.recipient.klaviyoId],
            ["written back", shown.writtenBackAt],
          ]),
          ...Object.entries(shown.pass).map(([name, value]) => `  ${name}: ${value}`),
          ...shown.events.map(({ at, kind, changedFields }) => `${at}  ${kind}  ${changedFields.join(", ")}`),
          ...shown.jobs.map(
            ({ kind, state, attempts, error }) => `${kind}: ${state}, ${attempts} attempts${error ? `. ${error}` : ""}`,
          ),
          ...shown.devices.map(
            ({ deviceId, registeredAt, lastPushAt, lastPushResult }) =>
              `phone ${deviceId.slice(0, 8)}…: since ${registeredAt}, last push ${lastPushAt ?? "none"}${lastPushResult ? ` (${lastPushResult})` : ""}`,
          ),
          ...shown.notes.map((note) => `Note: ${note}`),
        ].join("\n"),
      );
    },
  ).option("--account <id>", "account (default: the pass's own)");

  command(
    io,
    pass,
    "download <serial...>",
    "write a signed pass to a file, or several to one with --bundle",
    async ({ output, withApp }, serials, options) => {
      const [serial = ""] = serials;
      if (serials.length > 1 && options["bundle"] !== true)
        throw new UsageError("several passes go into one file with --bundle.");
      const accountId = textOption(options, "account");
      const bytes = await withApp(async (app) => {
        const whole = await ownPass(app, serial, accountId);
        if (options["bundle"] === true) return app.bundles.build(whole.account.id, serials);
        return (await app.packages.of(whole)).bytes();
      });
      const extension = options["bundle"] === true ? "pkpasses" : "pkpass";
      const file = textOption(options, "output") ?? `${serial.slice(0, 6)}.${extension}`;
      writeFileSync(file, bytes);
      print(output, { file, bytes: bytes.length }, () => `${file} (${bytes.length} bytes)`);
    },
  )
    .option("-o, --output <file>", "where to write it (default: named after the serial number)")
    .option("--bundle", "one .pkpasses file of up to ten passes")
    .option("--account <id>", "account (default: the pass's own)");

  command(
    io,
    pass,
    "lint <file>",
    "say why an iPhone would refuse a .pkpass file, whoever made it",
    async ({ output }, [file = ""]) => {
      const report = await lintPackage(readFileSync(file), { now: systemClock.now() });
      print(output, report, () => describeReport(file, report));
      if (!report.ok) throw new AppError("invalid", `${file} has errors.`);
    },
  );
}

async function showPass(app: App, serial: string, accountId: string | undefined) {
  const { pass, template, recipient } = await ownPass(app, serial, accountId);
  const [events, jobs, devices] = await Promise.all([
    listPassEvents(app.db.read, serial),
    app.outbox.ofOrderingKey(serial),
    devicesOf(app.db.read, serial),
  ]);
  const { name, email, phone, externalId, klaviyoId } = recipient;
  return {
    ...passObject(pass, template, app.config.publicUrl, app.clock.now()),
    version: pass.version,
    flowId: pass.flowId,
    repaired: pass.repaired,
    notes: pass.notes,
    recipient: { name, email, phone, externalId, klaviyoId },
    writtenBackAt: pass.writtenBackAt === null ? null : toIso(pass.writtenBackAt),
    devices: devices.map(({ deviceId, registeredAt, lastPushAt, lastPushResult }) => ({
      deviceId,
      registeredAt: toIso(registeredAt),
      lastPushAt: lastPushAt === null ? null : toIso(lastPushAt),
      lastPushResult,
    })),
    events: events.map(({ kind, version, at, changedFields }) => ({ kind, version, at: toIso(at), changedFields })),
    jobs: jobs.map(({ id, kind, state, attempts, lastError, runAt }) => ({
      id,
      kind,
      state,
      attempts,
      error: lastError,
      runAt: toIso(runAt),
    })),
  };
}
