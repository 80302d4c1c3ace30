import type { CertificateFacts, Finding } from "../apple/lint/finding.ts";
import { filesContext } from "../apple/lint/lint-package.ts";
import { lintPass } from "../apple/lint/lint-pass.ts";
import { prepareTexts } from "../apple/localised-texts.ts";
import { normalisePass } from "../apple/normalise.ts";
import { renderPassJson } from "../apple/pass-json.ts";
import { personalizationJson } from "../apple/personalization-json.ts";
import type { FieldType, TemplateDefinition } from "./definition.ts";
import { type FieldValues, fillFields, type GivenValue } from "./fill.ts";
import { isObject, type JsonObject } from "./placeholders.ts";
import type { TemplateVersion } from "./template-store.ts";

/** Stands for what only a real pass has. */
const SAMPLE = {
  serial: "0123456789abcdefghjkmnpqrs",
  url: "https://passes.example.com/p/0123456789abcdefghjkmnpqrs",
  recipientName: "Sarah Miller",
  recipientEmail: "sarah.miller@example.com",
  voided: false,
  expiredAt: null,
};
const SAMPLE_ISSUER = {
  passTypeIdentifier: "pass.com.example.sample",
  teamIdentifier: "ABCDE12345",
  organizationName: "Example",
  webServiceURL: "https://passes.example.com/passkit",
  authenticationToken: "0123456789abcdef0123456789abcdef",
};

export type LintedTemplate = Pick<TemplateVersion, "definition" | "images" | "locales">;

/**
 * What Wallet would make of a template's passes: of one with every field's example, and of one with the required fields
 * alone. The definition comes back in the form that Wallet reads (colours, dates, numbers). `now` in milliseconds;
 * `certificate` is the one that will sign, where there is one.
 */
export function lintTemplate(
  template: LintedTemplate,
  now: number,
  certificate?: CertificateFacts,
): { definition: TemplateDefinition; findings: Finding[] } {
  const { locales, images } = template;
  // The definition was parsed from JSON.
  const normalised = normalisePass(template.definition.pass as JsonObject, template.definition.timeZone);
  const definition: TemplateDefinition = { ...template.definition, pass: normalised.pass };
  const { personalization } = definition;
  const context = {
    now,
    certificate,
    ...(personalization ? { personalization: personalizationJson(personalization) } : {}),
    ...filesContext(new Map([...images, ...prepareTexts(definition, locales).constant])),
  };
  const issuer = { ...SAMPLE_ISSUER, ...definedIn(certificate) };
  const lint = (values: FieldValues) => {
    const rendered = renderPassJson(definition, { ...SAMPLE, values, issuedAt: now }, issuer);
    return lintPass(rendered, context).map((finding) => ({ ...finding, path: pathIn(definition, rendered, finding) }));
  };
  const all = [
    ...normalised.findings,
    ...lint(exampleValues(definition, false)),
    ...lint(exampleValues(definition, true)),
  ];
  const distinct = new Map(all.map((finding) => [keyOf(finding), finding]));
  return { definition, findings: [...distinct.values()] };
}

/** A field without a value is not on the pass, so those behind it stand at other places there than in the template. */
function pathIn({ pass, style }: TemplateDefinition, rendered: JsonObject, { path }: Finding): string {
  const [, group = "", place = "", rest = ""] = new RegExp(`^pass\\.${style}\\.(\\w+)\\.(\\d+)(.*)$`).exec(path) ?? [];
  const fieldsOf = (dictionary: unknown): readonly unknown[] => {
    const fields = isObject(dictionary) ? dictionary[group] : undefined;
    return Array.isArray(fields) ? fields : [];
  };
  const field = fieldsOf(rendered[style])[Number(place)];
  if (!isObject(field)) return path;
  const at = fieldsOf(pass[style]).findIndex((one) => isObject(one) && one["key"] === field["key"]);
  return at < 0 ? path : `pass.${style}.${group}.${at}${rest}`;
}

/** The signer's names, which the sample then has too. */
const definedIn = (certificate: CertificateFacts | undefined) => ({
  ...(certificate?.passTypeIdentifier === undefined ? {} : { passTypeIdentifier: certificate.passTypeIdentifier }),
  ...(certificate?.teamIdentifier === undefined ? {} : { teamIdentifier: certificate.teamIdentifier }),
});

/** Tells findings apart: the same rule at the same place is the same trouble. */
export const keyOf = ({ id, path }: Finding): string => `${id} ${path}`;

/** What stands in for a field that brings no example: a template that fits its types fits real values too. */
const SAMPLES: Record<FieldType, string> = {
  text: "Example",
  number: "42",
  date: "2030-01-31T18:30:00Z",
  boolean: "true",
  email: "sarah.miller@example.com",
  phone: "+15005550006",
  url: "https://www.example.com/",
  colour: "rgb(40, 80, 120)",
};

/** A value for each of a template's fields, its example, its default or one of its type; for the required ones alone, where asked. */
export function exampleValues(definition: TemplateDefinition, requiredOnly: boolean): FieldValues {
  const examples = new Map<string, GivenValue>();
  for (const [name, { type, example, required, default: value }] of Object.entries(definition.fields)) {
    const text = example || (value === undefined ? SAMPLES[type] : "");
    if ((required || !requiredOnly) && text !== "") examples.set(name, { kind: "text", text });
  }
  return fillFields(definition, examples).values;
}
