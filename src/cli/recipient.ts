import type { Command } from "commander";
import { knownRecipientObject, readReference } from "../api/recipient-api.ts";
import { AppError, UsageError } from "../errors.ts";
import { type ErasureView, erasureObject, textsForgotten } from "../passes/erase/erase.ts";
import type { RecipientReference } from "../passes/recipients.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print } from "./output.ts";

type Options = Readonly<Record<string, unknown>>;

/** `recipient`: the people who hold passes. */
export function recipientCommands(io: CliIo, program: Command): void {
  const recipient = program.command("recipient").description("people who hold passes");

  personOptions(
    command(
      io,
      recipient,
      "show [email]",
      "a person, what they are known by, and their passes",
      async ({ output, withApp }, [email], options) => {
        const shown = await withApp(async (app) => {
          const { id } = await app.accounts.resolve(textOption(options, "account"));
          const known = await app.data.recipients.find(personOf(id, email, options));
          if (!known) throw new AppError("not_found", "Nobody is known by that here.");
          return knownRecipientObject(known, app.config.publicUrl, app.clock.now());
        });
        print(output, shown, () =>
          [
            facts([
              ["id", shown.id],
              ["name", shown.name],
              ...shown.identifiers.map(({ kind, value }) => [kind, value] as const),
            ]),
            ...shown.passes.map(({ serialNumber, status, url }) => `${serialNumber}  ${status}  ${url}`),
          ].join("\n"),
        );
      },
    ),
  );

  personOptions(
    command(
      io,
      recipient,
      "erase [email]",
      "erase a person on their request, here and at Klaviyo; their passes end",
      async ({ output, withApp }, [email], options) => {
        const erased = await withApp(async (app) => {
          const { id } = await app.accounts.resolve(textOption(options, "account"));
          return app.data.eraser.erase({ ...personOf(id, email, options), requestedBy: "command line" });
        });
        print(output, erasureObject(erased), () => erasureText(erased));
      },
    ),
  );

  pageOptions(
    personOptions(
      command(
        io,
        recipient,
        "erasures",
        "who was erased when: all, or whether somebody was",
        async ({ output, withApp }, _, options) => {
          const page = await withApp(async (app) => {
            const { id } = await app.accounts.resolve(textOption(options, "account"));
            const of = isNamed(undefined, options) ? personOf(id, undefined, options) : undefined;
            return app.data.eraser.list(id, pageOfOptions(options), of);
          });
          print(output, { ...page, items: page.items.map(erasureObject) }, () =>
            page.items.length === 0
              ? "Nobody was erased."
              : page.items.map(erasureText).join("\n\n") + (page.next === null ? "" : `\n\nMore: --after ${page.next}`),
          );
        },
      ).option("--email <email>", "by their email address"),
    ),
  );
}

const personOptions = (to: Command): Command =>
  to
    .option("--phone <phone>", "by their phone number")
    .option("--external-id <id>", "by their external id")
    .option("--klaviyo-id <id>", "by their Klaviyo profile")
    .option("--account <id>", "account (default: the first)");

const givenIn = (email: string | undefined, options: Options) => ({
  email: email ?? textOption(options, "email"),
  phone: textOption(options, "phone"),
  externalId: textOption(options, "externalId"),
  klaviyoId: textOption(options, "klaviyoId"),
});

const isNamed = (email: string | undefined, options: Options): boolean =>
  Object.values(givenIn(email, options)).some((value) => value !== undefined);

function personOf(accountId: string, email: string | undefined, options: Options): RecipientReference {
  if (!isNamed(email, options)) throw new UsageError("say who is meant: an email address, --phone, --external-id …");
  return readReference(accountId, givenIn(email, options));
}

function erasureText(erasure: ErasureView): string {
  const { id, erasedAt, askedBy, requestedBy, counts, klaviyo, klaviyoError } = erasureObject(erasure);
  const told = { none: "not known there", waiting: "to be asked", requested: "asked", recorded: "sandbox: not asked" };
  return facts([
    ["erasure", id],
    ["at", erasedAt],
    ["asked by", `${askedBy}, ${requestedBy}`],
    ["passes ended", counts.passes],
    ["write-backs dropped", counts.writeBacks],
    ["kept texts removed", textsForgotten(counts)],
    ["Klaviyo", `${told[klaviyo]}${klaviyoError ? `. ${klaviyoError}` : ""}`],
  ]);
}
