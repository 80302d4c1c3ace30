import type { Problem } from "../../errors.ts";
import type { ImportedPass } from "./import-pass.ts";

/** What an import found and guessed, for a program. */
export function importReport(imported: ImportedPass, problems: readonly Problem[]) {
  const { definition, fields, images, locales, leftOut, notes } = imported;
  return {
    name: definition.name,
    style: definition.style,
    fields: fields.map(({ name, definition: { type, example = null }, from }) => ({ name, type, example, from })),
    images: [...images.keys()],
    languages: Object.keys(locales),
    leftOut,
    notes,
    problems,
  };
}

/** The same for people. */
export function describeImport(report: ReturnType<typeof importReport>, dir: string): string {
  const { fields, images, languages, leftOut, notes, problems } = report;
  const width = (lengths: readonly number[]) => Math.max(0, ...lengths);
  const [nameWidth, typeWidth] = [width(fields.map((f) => f.name.length)), width(fields.map((f) => f.type.length))];
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
  return [
    `${dir}: "${report.name}" (${report.style}), ${images.length} images` +
      (languages.length > 0 ? `, in ${languages.join(", ")}` : ""),
    ...section(
      "Fields, guessed from the values on the pass:",
      fields.map(({ name, type, example }) =>
        `${name.padEnd(nameWidth)}  ${type.padEnd(typeWidth)}  ${shorten(example ?? "")}`.trimEnd(),
      ),
    ),
    ...section("Filled in for every pass, so left out:", leftOut.length > 0 ? [leftOut.join(", ")] : []),
    ...section("Notes:", notes),
    ...section(
      "To mend before it can be pushed:",
      problems.map(({ path, message }) => `${path}: ${message}`),
    ),
    "",
    `Look through ${dir}/template.json, then: passhook template push ${dir}`,
  ].join("\n");
}

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
