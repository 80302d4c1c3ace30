import { didYouMean } from "../../did-you-mean.ts";
import { AppError, type Problem } from "../../errors.ts";
import type { TemplateDefinition } from "../../templates/definition.ts";
import { fromTextCell } from "../export/csv-text.ts";
import { EXPORT_COLUMNS } from "../export/export.ts";
import type { BulkMode, ReadLine } from "./bulk.ts";
import type { CsvRow } from "./read-csv.ts";

const RECIPIENT_COLUMNS = ["email", "name", "phone", "externalId", "klaviyoId"];

/** Where a column's values go in the body of a call; nowhere for one that an update does not read. */
type Target =
  | { readonly part: "pass" | "recipient"; readonly name: string }
  | { readonly part: "serialNumber" | "idempotencyKey" | "unused" };

/** A header that was understood. */
export interface CsvColumns {
  /** The body of a call for one row, or why there is none. */
  readLine(row: CsvRow): ReadLine;
  /** Columns of an export that an update does not read. */
  readonly unused: readonly string[];
}

/**
 * Reads a header. `pass.NAME` is a field and `recipient.NAME` the recipient's; `NAME` alone is the field where the template
 * has one of that name, else the recipient's. Throws `invalid` with every column that is not known or stands twice.
 */
export function readColumns(header: readonly string[], mode: BulkMode, definition: TemplateDefinition): CsvColumns {
  const problems: Problem[] = [];
  const known = knownColumns(header, mode, definition);
  const seen = new Set<string>();
  const targets = header.map((name, i): Target | undefined => {
    const path = `column ${i + 1}`;
    if (name === "") return undefined;
    const target = known.get(name);
    if (!target) problems.push({ path, message: `"${name}" is not known${didYouMean(name, known.keys())}` });
    else if (seen.has(JSON.stringify(target)) && target.part !== "unused")
      problems.push({ path, message: `"${name}" is there twice` });
    seen.add(JSON.stringify(target ?? name));
    return target;
  });
  if (mode === "update" && !targets.some((target) => target?.part === "serialNumber")) {
    problems.push({ path: "header", message: 'has no column "serial", which says which pass a row is about' });
  }
  if (problems.length > 0) {
    const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
    throw new AppError("invalid", `The first row must name the columns, but ${list}.`, { details: problems });
  }
  return {
    unused: header.filter((_, i) => targets[i]?.part === "unused"),
    readLine: ({ row, cells }) => readRow(row, cells, targets),
  };
}

/** By every name that leads to a target; of two that share a name, the later ones below count. */
function knownColumns(header: readonly string[], mode: BulkMode, definition: TemplateDefinition) {
  const known = new Map<string, Target>();
  const fields = Object.entries(definition.fields).flatMap(([present, { formerly = [] }]) =>
    [...formerly, present].map((name) => [name, { part: "pass", name: present }] as const),
  );
  if (mode === "issue") for (const name of RECIPIENT_COLUMNS) known.set(name, { part: "recipient", name });
  for (const [name, target] of fields) known.set(name, target);
  if (mode === "issue") {
    for (const name of RECIPIENT_COLUMNS) known.set(`recipient.${name}`, { part: "recipient", name });
  } else {
    for (const name of EXPORT_COLUMNS) {
      // A field may be called "status"; an export writes it as `pass.status`, beside a column of its own.
      if (!known.has(name) || header.includes(`pass.${name}`)) known.set(name, { part: "unused" });
    }
    known.set("serial", { part: "serialNumber" });
  }
  known.set("idempotencyKey", { part: "idempotencyKey" });
  for (const [name, target] of fields) known.set(`pass.${name}`, target);
  return known;
}

/** A cell without a value says nothing: the field keeps what it has. */
function readRow(line: number, cells: readonly string[], targets: readonly (Target | undefined)[]): ReadLine {
  if (cells.length !== targets.length) {
    return refused(
      line,
      `The row has ${cells.length} cells, and the header ${targets.length}. A value with the delimiter in it must be in quotes.`,
    );
  }
  const pass: Record<string, string> = {};
  const recipient: Record<string, string> = {};
  const body: Record<string, unknown> = { pass };
  for (const [i, target] of targets.entries()) {
    const value = fromTextCell(cells[i] ?? "");
    if (value === "") continue;
    if (!target) return refused(line, `There is a value in column ${i + 1}, which has no name.`);
    if (target.part === "pass") pass[target.name] = value;
    else if (target.part === "recipient") recipient[target.name] = value;
    else if (target.part !== "unused") body[target.part] = value;
  }
  if (Object.keys(recipient).length > 0) body["recipient"] = recipient;
  return { line, input: JSON.stringify(body) };
}

const refused = (line: number, error: string): ReadLine => ({ line, refused: { error, code: "INVALID" } });
