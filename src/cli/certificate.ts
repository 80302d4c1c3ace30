import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import type { CertificateFiles } from "../apple/certificate.ts";
import { requestFileName } from "../apple/certificate-requests.ts";
import { type IssuedCertificate, identityInfo } from "../apple/identities.ts";
import { AppError, UsageError } from "../errors.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

/** `certificate`: Pass Type ID certificates with their keys. */
export function certificateCommands(io: CliIo, program: Command): void {
  const certificate = program.command("certificate").description("signing certificates from Apple");
  command(
    io,
    certificate,
    "request",
    "make a key and the request that Apple certifies",
    async ({ output, withApp }, _, options) => {
      const out = requestTarget(textOption(options, "out") ?? ".");
      const account = textOption(options, "account");
      const { id, csrPem } = await withApp(async (app) =>
        app.identities.request((await app.accounts.resolve(account)).id),
      );
      const file = out.folder === undefined ? out.file : join(out.folder, requestFileName(id));
      // "wx": what somebody else put there in the meantime stays.
      writeFileSync(file, csrPem, { flag: "wx" });
      print(output, { id, file }, () => nextSteps(id, file, account));
    },
  )
    .option("--account <id>", "account (default: the first)")
    .option("--out <path>", "folder or file to write the request to (default: here)");

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
    .option("--key <file>", "its private key, PEM or DER; not needed after: certificate request")
    .option("--intermediate <file>", "Apple's WWDR certificate, PEM or DER (default: G4, which is built in)")
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

type RequestTarget = { readonly folder: string } | { readonly folder?: undefined; readonly file: string };

/** Checked before a key is made for a file that cannot be written. */
function requestTarget(out: string): RequestTarget {
  if (existsSync(out)) {
    if (statSync(out).isDirectory()) return { folder: out };
    throw new AppError("conflict", `${out} exists already; name another file, or a folder.`);
  }
  if (out.endsWith("/") || !existsSync(dirname(out))) {
    throw new AppError(
      "invalid",
      `The folder ${out.endsWith("/") ? out : dirname(out)} does not exist; make it first.`,
    );
  }
  return { file: out };
}

const nextSteps = (id: string, file: string, account: string | undefined): string =>
  `${facts([
    ["request", id],
    ["file", file],
  ])}

Next:
  1. Open https://developer.apple.com/account/resources/certificates/add and choose "Pass Type ID Certificate".
     The Pass Type ID itself is made once, under Identifiers, Pass Type IDs.
  2. Choose your Pass Type ID, upload the file, and download the certificate (pass.cer).
  3. Give it to Passhook: passhook certificate import --cert pass.cer${account === undefined ? "" : ` --account ${account}`}

The private key is in the database, encrypted, and needs no further care: a backup of the data folder holds it.`;

function readFiles(options: Readonly<Record<string, unknown>>): CertificateFiles | IssuedCertificate {
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
  if (p12 === undefined && cert !== undefined) {
    return { certificate: readFileSync(cert), intermediate: shared.intermediate };
  }
  throw new UsageError(
    'give --p12 FILE, or --cert FILE with --key FILE, or --cert FILE alone after "passhook certificate request".',
  );
}
