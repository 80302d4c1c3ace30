import { didYouMean } from "../did-you-mean.ts";
import { AppError, type Problem } from "../errors.ts";
import type { FieldDefinition, TemplateDefinition } from "./definition.ts";
import { presentName } from "./fill.ts";
import type { Locales } from "./locales.ts";
import { type JsonObject, placeholdersIn, renamePlaceholders } from "./placeholders.ts";

/** What can be changed of a field without touching the pass.json around it. */
export interface FieldEdit {
  readonly name?: string | undefined;
  /** An empty text or null: none. */
  readonly default?: string | number | boolean | null | undefined;
  readonly required?: boolean | undefined;
  /** Must be as it is: whether a field shows is for the template's pass.json to say. */
  readonly visible?: boolean | undefined;
}

export interface TemplateEdit {
  readonly name?: string | undefined;
  /** By a field's name, the present one or a former one. */
  readonly fields?: Readonly<Record<string, FieldEdit>> | undefined;
  readonly sharingProhibited?: boolean | undefined;
}

/** Names of the fields that stand somewhere in the template's pass. */
export function shownFields({ pass, fields }: TemplateDefinition): ReadonlySet<string> {
  // The definition was parsed from JSON.
  const names = placeholdersIn(pass as JsonObject, "pass").map(({ name }) => name);
  return new Set(names.filter((name) => Object.hasOwn(fields, name)));
}

/**
 * The definition and languages with the edits made. A renamed field remembers its former name, so that the values of
 * its passes stay. Throws `invalid` with every problem.
 */
export function editTemplate(
  { definition, locales }: { readonly definition: TemplateDefinition; readonly locales: Locales },
  edit: TemplateEdit,
): { definition: TemplateDefinition; locales: Locales } {
  const edits = editsByField(definition, edit.fields ?? {});
  const fields = Object.entries(definition.fields).map(([name, field]) => editField(name, field, edits.get(name)));
  const twice = fields.find(([name], i) => fields.findIndex(([other]) => other === name) !== i);
  if (twice) throw refusal([{ path: `fields.${twice[0]}`, message: "would be the name of two fields" }]);

  const renamed = new Map(Object.keys(definition.fields).map((name, i) => [name, fields[i]?.[0] ?? name]));
  const { sharingProhibited: _, ...pass } = renamePlaceholders(definition.pass as JsonObject, renamed);
  const prohibited = edit.sharingProhibited ?? definition.pass["sharingProhibited"];
  return {
    definition: {
      ...definition,
      ...(edit.name === undefined ? {} : { name: edit.name }),
      ...(definition.personalization && { personalization: renameTargets(definition.personalization, renamed) }),
      fields: Object.fromEntries(fields),
      pass: { ...pass, ...(prohibited === undefined || prohibited === false ? {} : { sharingProhibited: prohibited }) },
    },
    locales: renameInLocales(locales, renamed),
  };
}

/** Each edit under the field's present name. */
function editsByField(
  definition: TemplateDefinition,
  edits: Readonly<Record<string, FieldEdit>>,
): Map<string, FieldEdit> {
  const shown = shownFields(definition);
  const problems: Problem[] = [];
  const byField = new Map<string, FieldEdit>();
  for (const [written, edit] of Object.entries(edits)) {
    const path = `fields.${written}`;
    const name = presentName(definition, written);
    if (name === undefined) {
      const message = `is not a field of this template${didYouMean(written, Object.keys(definition.fields))}`;
      problems.push({ path, message });
    } else if (byField.has(name)) {
      problems.push({ path, message: `is the field ${name}, which is there already` });
    } else {
      byField.set(name, edit);
      if (edit.visible !== undefined && edit.visible !== shown.has(name)) {
        const message = "cannot be changed here: a field shows where the template's pass.json has it";
        problems.push({ path: `${path}.visible`, message });
      }
    }
  }
  if (problems.length > 0) throw refusal(problems);
  return byField;
}

function editField(name: string, field: FieldDefinition, edit: FieldEdit = {}): [string, FieldDefinition] {
  const { formerly = [], ...rest } = field;
  const present = edit.name ?? name;
  const names = present === name ? formerly : [...formerly, name].filter((former) => former !== present);
  const edited: FieldDefinition = { ...rest, ...(names.length === 0 ? {} : { formerly: names }) };
  if (edit.required !== undefined && edit.required !== (field.required ?? false)) edited.required = edit.required;
  if (edit.default === null || edit.default === "") delete edited.default;
  else if (edit.default !== undefined) edited.default = edit.default;
  return [present, edited];
}

/** The fields that take what a phone asks the customer for, under their new names. */
export function renameTargets(
  personalization: NonNullable<TemplateDefinition["personalization"]>,
  renamed: ReadonlyMap<string, string>,
): NonNullable<TemplateDefinition["personalization"]> {
  const fields = Object.entries(personalization.fields).map(([asked, target]) => [
    asked,
    renamed.get(target) ?? target,
  ]);
  return { ...personalization, fields: Object.fromEntries(fields) };
}

/** Both sides may hold placeholders. */
export function renameInLocales(locales: Locales, renamed: ReadonlyMap<string, string>): Locales {
  const rename = (text: string) => renamePlaceholders(text, renamed);
  return Object.fromEntries(
    Object.entries(locales).map(([language, texts]) => [
      language,
      Object.fromEntries(Object.entries(texts).map(([key, text]) => [rename(key), rename(text)])),
    ]),
  );
}

function refusal(problems: readonly Problem[]): AppError {
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  return new AppError("invalid", `The template cannot be changed: ${list}.`, { details: problems });
}
