import type { Command } from "commander";
import { systemClock } from "../clock.ts";
import { AppError, type Problem, UsageError } from "../errors.ts";
import { checkTemplate } from "../templates/check.ts";
import { asProblem, examineSource } from "../templates/examine-source.ts";
import { readGalleryTemplate, readTemplateFolder, writeTemplateFolder, writeTemplateId } from "../templates/folder.ts";
import { GALLERY } from "../templates/gallery/index.ts";
import { importPass } from "../templates/import/import-pass.ts";
import { readPassFiles } from "../templates/import/read-pass.ts";
import { describeImport, importReport } from "../templates/import/report.ts";
import { passTemplateSchema } from "../templates/template-schema.ts";
import { type CliIo, command, pageOfOptions, pageOptions, textOption } from "./context.ts";
import { facts, print, printPage } from "./output.ts";

/** `template`: what passes look like. */
export function templateCommands(io: CliIo, program: Command): void {
  const template = program.command("template").description("what passes look like and which fields they take");
  const names = GALLERY.map(({ name }) => name).join(", ");

  command(
    io,
    template,
    "init <gallery-name> <dir>",
    `write a gallery template as a folder (${names})`,
    async ({ output }, [name = "", dir = ""]) => {
      const chosen = GALLERY.find((one) => one.name === name);
      if (!chosen) throw new UsageError(`there is no gallery template "${name}". There are: ${names}.`);
      const source = await readGalleryTemplate(chosen);
      const checked = checkTemplate(source.definition, source.images, source.locales);
      if (!checked.ok)
        throw new AppError("internal", `The gallery template ${name} is broken.`, { details: checked.problems });
      writeTemplateFolder(dir, { definition: checked.definition, images: source.images });
      print(
        output,
        { name, dir },
        () => `${chosen.title}\nEdit ${dir}/template.json, then: passhook template push ${dir}`,
      );
    },
  );

  command(
    io,
    template,
    "push <dir>",
    "store a folder as the template's next version",
    async ({ output, withApp }, [dir = ""], options) => {
      const source = readTemplateFolder(dir);
      const pushed = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.templates.push(id, source, { author: "command line" });
      });
      if (source.id === undefined) writeTemplateId(dir, pushed.id);
      print(output, pushed, () =>
        [
          facts([
            ["template", pushed.id],
            ["version", pushed.version],
          ]),
          ...pushed.warnings.map((warning) => `warning: ${lineOf(asProblem(warning))}`),
          ...(source.id === undefined
            ? [`The id was written into ${dir}/template.json: the next push makes version 2 of it.`]
            : []),
        ].join("\n"),
      );
    },
  ).option("--account <id>", "account (default: the first)");

  command(
    io,
    template,
    "pull <id> <dir>",
    "write a template's current version as a folder",
    async ({ output, withApp }, [id = "", dir = ""], options) => {
      const current = await withApp(async (app) => {
        const account = await app.accounts.resolve(textOption(options, "account"));
        return app.templates.current(account.id, id);
      });
      writeTemplateFolder(dir, current);
      print(
        output,
        { id: current.id, version: current.version, dir },
        () => `Version ${current.version} is in ${dir}.`,
      );
    },
  ).option("--account <id>", "account (default: the first)");

  command(
    io,
    template,
    "import <file> <dir>",
    "make a template folder from a .pkpass file, or from the folder that a pass is made of",
    async ({ output }, [file = "", dir = ""]) => {
      const imported = importPass(await readPassFiles(file));
      const locales = new Map(Object.entries(imported.locales));
      const checked = checkTemplate(imported.definition, imported.images, locales);
      writeTemplateFolder(dir, imported);
      const report = importReport(imported, checked.ok ? [] : checked.problems);
      print(output, { dir, ...report }, () => describeImport(report, dir));
    },
  );

  pageOptions(
    command(io, template, "list", "list templates", async ({ output, withApp }, _, options) => {
      const page = await withApp(async (app) => {
        const { id } = await app.accounts.resolve(textOption(options, "account"));
        return app.templates.list(id, pageOfOptions(options));
      });
      const items = page.items.map(({ id, name, currentVersion, updatedAt }) => ({
        id,
        name,
        version: currentVersion,
        updatedAt: new Date(updatedAt).toISOString(),
      }));
      printPage(
        output,
        { ...page, items },
        "There is no template yet. Begin with: passhook template init points-card DIR",
      );
    }).option("--account <id>", "account (default: the first)"),
  );

  command(io, template, "schema", "print the JSON Schema of template.json, for editors", async ({ output }) => {
    const schema = passTemplateSchema();
    print(output, schema, () => JSON.stringify(schema, undefined, 2));
  });

  command(io, template, "lint <dir>", "report every problem of a template folder", async ({ output }, [dir = ""]) => {
    const { problems, warnings } = await lintFolder(dir);
    const ok = problems.length === 0;
    print(output, { ok, problems, warnings }, () =>
      ok && warnings.length === 0
        ? `${dir} has no problems.`
        : [...problems.map(lineOf), ...warnings.map((warning) => `warning: ${lineOf(warning)}`)].join("\n"),
    );
    if (!ok)
      throw new AppError("invalid", `${dir} has ${problems.length} ${problems.length === 1 ? "problem" : "problems"}.`);
  });
}

/** Problems with which a template cannot be pushed; where there are none, what will not show. */
async function lintFolder(dir: string): Promise<{ problems: readonly Problem[]; warnings: readonly Problem[] }> {
  try {
    const { warnings } = await examineSource(readTemplateFolder(dir), systemClock.now());
    return { problems: [], warnings: warnings.map(asProblem) };
  } catch (error) {
    if (error instanceof AppError && error.details.length > 0) return { problems: error.details, warnings: [] };
    throw error;
  }
}

const lineOf = ({ path, message }: Problem): string => `${path}: ${message}`;
