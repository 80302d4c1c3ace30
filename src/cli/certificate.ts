import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { CertificateFiles } from "../apple/certificate.ts";
import { identityInfo } from "../apple/identities.ts";
import { UsageError } from "../errors.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

/** `certificate`: Pass Type ID certificates with their keys. */
export function certificateCommands(io: CliIo, program: Command): void {
  const certificate = program.command("certificate").description("signing certificates from Apple");
  command(io, certificate, "import", "store a certificate with its key", async ({ output, withApp }, _, options) => {
    const files = readFiles(options);
    const imported = await withApp(async (app) => {
      const { id } = await app.accounts.resolve(textOption(options, "account"));
      return app.identities.import(id, files);
    });
    print(output, imported, () =>
      [
        facts([
          ["certificate", imported.id],
          ["pass type", imported.passTypeIdentifier],
          ["team", imported.teamIdentifier],
          ["expires", imported.expiresAt],
        ]),
        ...(imported.development ? ["It was not issued by Apple: no iPhone accepts passes that it signs."] : []),
      ].join("\n"),
    );
  })
    .option("--account <id>", "account (default: the first)")
    .option("--p12 <file>", "PKCS #12 file, as Keychain exports it")
    .option("--cert <file>", "certificate, PEM or DER")
    .option("--key <file>", "its private key, PEM or DER (PKCS #8)")
    .option("--intermediate <file>", "Apple's WWDR certificate, PEM or DER")
    .option("--passphrase-file <file>", "file with the passphrase of the PKCS #12 file or the key");

  pageOptions(
    command(io, certificate, "list", "list signing certificates", async ({ output, withApp }, _, options) => {
      const page = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.identities.list(id, pageOfOptions(options));
      });
      printPage(
        output,
        { ...page, items: page.items.map((one) => ({ ...identityInfo(one) })) },
        "There is no certificate yet.",
      );
    }).option("--account <id>", "account (default: the first)"),
  );
}

function readFiles(options: Readonly<Record<string, unknown>>): CertificateFiles {
  const [p12, cert, key] = [textOption(options, "p12"), textOption(options, "cert"), textOption(options, "key")];
  const passphraseFile = textOption(options, "passphraseFile");
  const intermediateFile = textOption(options, "intermediate");
  const shared = {
    // Editors end a file with a line break that is not part of the passphrase.
    passphrase: passphraseFile === undefined ? undefined : readFileSync(passphraseFile, "utf8").replace(/\r?\n$/, ""),
    intermediate: intermediateFile === undefined ? undefined : readFileSync(intermediateFile),
  };
  if (p12 !== undefined && cert === undefined && key === undefined) return { p12: readFileSync(p12), ...shared };
  if (p12 === undefined && cert !== undefined && key !== undefined) {
    return { certificate: readFileSync(cert), key: readFileSync(key), ...shared };
  }
  throw new UsageError("give either --p12 FILE, or --cert FILE and --key FILE.");
}
