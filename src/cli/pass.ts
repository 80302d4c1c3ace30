import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { passObject } from "../api/pass-object.ts";
import type { App } from "../app.ts";
import { toIso } from "../clock.ts";
import { AppError, UsageError } from "../errors.ts";
import { statusOf } from "../passes/pass.ts";
import { listPassEvents, listPasses } from "../passes/pass-store.ts";
import type { WholePass } from "../passes/wallet-link.ts";
import type { GivenValue } from "../templates/fill.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

/** `pass`: issuing, showing and fetching passes. */
export function passCommands(io: CliIo, program: Command): void {
  const pass = program.command("pass").description("passes that were issued");

  command(io, pass, "issue", "issue a pass, as a webhook does", async ({ output, withApp }, _, options) => {
    const issued = await withApp(async (app) => {
      const account = await app.accounts.resolve(textOption(options, "account"));
      const template = await app.templates.current(account.id, textOption(options, "template") ?? "");
      const given = parseFields(options["field"]);
      const recipient = {
        email: textOption(options, "email"),
        name: textOption(options, "name"),
        phone: textOption(options, "phone"),
        externalId: textOption(options, "externalId"),
        klaviyoId: textOption(options, "klaviyoId"),
      };
      const { pass: made } = await app.issuer.issue({
        accountId: account.id,
        template,
        given,
        recipient,
        idempotencyKey: textOption(options, "idempotencyKey"),
        // A person who runs a command twice means it twice.
        bodyHash: createHash("sha256").update(crypto.randomUUID()).digest("hex"),
      });
      return passObject(made, template, app.config.publicUrl);
    });
    print(output, issued, () =>
      facts([
        ["serial", issued.serialNumber],
        ["link", issued.url],
        ["status", issued.status],
      ]),
    );
  })
    .requiredOption("--template <id>", "template")
    .option("--field <name=value>", "a field of the template; may be repeated", collect, [])
    .option("--email <email>", "recipient's email address")
    .option("--name <name>", "recipient's name")
    .option("--phone <phone>", "recipient's phone number with country code")
    .option("--external-id <id>", "recipient's external id")
    .option("--klaviyo-id <id>", "recipient's Klaviyo profile id")
    .option("--idempotency-key <key>", "the same key again gives the same pass")
    .option("--account <id>", "account (default: the first)");

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
          ...shown.notes.map((note) => `Note: ${note}`),
        ].join("\n"),
      );
    },
  ).option("--account <id>", "account (default: the pass's own)");

  pageOptions(
    command(io, pass, "list", "list passes", async ({ output, withApp }, _, options) => {
      const page = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return listPasses(
          app.db.read,
          { accountId: id, templateId: textOption(options, "template") },
          pageOfOptions(options),
        );
      });
      const items = page.items.map((one) => ({
        serialNumber: one.serial,
        passTemplate: one.templateId,
        status: statusOf(one),
        version: one.version,
        createdAt: toIso(one.createdAt),
      }));
      printPage(output, { ...page, items }, "No pass has been issued yet.");
    })
      .option("--template <id>", "only passes of this template")
      .option("--account <id>", "account (default: the first)"),
  );

  command(
    io,
    pass,
    "download <serial>",
    "write a signed pass to a file",
    async ({ output, withApp }, [serial = ""], options) => {
      const file = textOption(options, "output") ?? `${serial.slice(0, 6)}.pkpass`;
      const { bytes, development } = await withApp(async (app) => {
        const found = await app.packages.of(await ownPass(app, serial, textOption(options, "account")));
        return { bytes: await found.bytes(), development: found.development };
      });
      writeFileSync(file, bytes);
      print(output, { file, bytes: bytes.length, development }, () => `${file} (${bytes.length} bytes)`);
    },
  )
    .option("-o, --output <file>", "where to write it (default: named after the serial number)")
    .option("--account <id>", "account (default: the pass's own)");

  pageOptions(
    command(
      io,
      pass,
      "rejected",
      "calls that were refused for their content, newest first",
      async ({ output, withApp }, _, options) => {
        const page = await withApp(async (app) => {
          const { id } = await app.accounts.resolve(textOption(options, "account"));
          return app.rejected.list(id, pageOfOptions(options));
        });
        const items = page.items.map((one) => ({ ...one, at: toIso(one.at) }));
        print(output, { ...page, items }, () =>
          items.length === 0
            ? "Nothing was refused."
            : items.map(({ id, at, status, error, body }) => `${id}  ${at}  ${status}  ${error}\n  ${body}`).join("\n"),
        );
      },
    ).option("--account <id>", "account (default: the first)"),
  );
}

async function ownPass(app: App, serial: string, accountId: string | undefined): Promise<WholePass> {
  const whole = await app.links.load(serial);
  if (accountId === undefined) return whole;
  const account = await app.accounts.resolve(accountId);
  if (whole.account.id !== account.id) throw new AppError("not_found", "There is no such pass.");
  return whole;
}

async function showPass(app: App, serial: string, accountId: string | undefined) {
  const { pass, template, recipient } = await ownPass(app, serial, accountId);
  const [events, jobs] = await Promise.all([listPassEvents(app.db.read, serial), app.outbox.ofOrderingKey(serial)]);
  const { name, email, phone, externalId, klaviyoId } = recipient;
  return {
    ...passObject(pass, template, app.config.publicUrl),
    version: pass.version,
    flowId: pass.flowId,
    repaired: pass.repaired,
    notes: pass.notes,
    recipient: { name, email, phone, externalId, klaviyoId },
    writtenBackAt: pass.writtenBackAt === null ? null : toIso(pass.writtenBackAt),
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

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

function parseFields(given: unknown): Map<string, GivenValue> {
  const fields = new Map<string, GivenValue>();
  for (const pair of Array.isArray(given) ? given.map(String) : []) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--field ${pair}: write NAME=VALUE.`);
    const text = pair.slice(at + 1);
    fields.set(pair.slice(0, at), text === "" ? { kind: "missing" } : { kind: "text", text });
  }
  return fields;
}
