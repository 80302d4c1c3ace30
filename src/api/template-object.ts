import { toIso } from "../clock.ts";
import { NO_COUNTS, type TemplateCounts } from "../passes/daily-count-store.ts";
import { shownFields } from "../templates/edit.ts";
import type { TemplateSummary, TemplateVersion } from "../templates/template-store.ts";
import type { LiveTemplate } from "../templates/templates.ts";
import type { TemplateFields, TemplateList, TemplateObject } from "./schemas/template.ts";

/** What PassNinja offers and Passhook does not: the answer is always this. */
export const FIXED_SETTINGS = {
  install_constraints: { device: false, browser: false, ip: false },
  top_up: { auto_recharge: false, balance_trigger: null, top_up_target: null },
} as const;

/** A template as PassNinja's lists show it. */
export function templateListItem(
  template: TemplateSummary,
  counts: TemplateCounts = NO_COUNTS,
): TemplateList["pass_templates"][number] {
  return {
    id: template.id,
    name: template.name,
    platform: "apple",
    style: template.style,
    issuedPassCount: counts.issued,
    installedPassCount: counts.installed,
    createdAt: toIso(template.createdAt),
    updatedAt: toIso(template.updatedAt),
  };
}

/** A template as PassNinja's API shows it when it is asked for by its id. */
export function templateObject(
  { row, version }: LiveTemplate,
  counts: TemplateCounts,
  passTypeIdentifier: string,
): TemplateObject {
  const { definition } = version;
  return {
    ...templateListItem({ ...row, style: definition.style }, counts),
    pass_type_id: passTypeIdentifier,
    issued_pass_count: counts.issued,
    installed_pass_count: counts.installed,
    disable_sharing: { apple: definition.pass["sharingProhibited"] === true, google: false },
    ...FIXED_SETTINGS,
    fields: fieldsOf(version),
  };
}

export const templateFields = (version: TemplateVersion): TemplateFields => ({
  id: version.id,
  platform: "apple",
  fields: fieldsOf(version).map(({ api_field_name, visible, required }) => ({ api_field_name, visible, required })),
});

function fieldsOf({ definition }: TemplateVersion): TemplateObject["fields"] {
  const shown = shownFields(definition);
  return Object.entries(definition.fields).map(([name, field]) => ({
    api_field_name: name,
    path: field.formerly?.[0] ?? name,
    default_value: field.default === undefined ? null : String(field.default),
    visible: shown.has(name),
    required: field.required ?? false,
  }));
}

/** What a body must have for a pass to be issued: required fields for which no default stands in. */
export const requiredKeys = ({ definition }: TemplateVersion): string[] =>
  Object.entries(definition.fields)
    .filter(([, { required, default: value }]) => required === true && value === undefined)
    .map(([name]) => name);
