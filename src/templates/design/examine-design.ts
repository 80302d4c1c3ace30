import { Value } from "@sinclair/typebox/value";
import { parseImageName } from "../../apple/images.ts";
import type { CertificateFacts } from "../../apple/lint/finding.ts";
import type { Problem } from "../../errors.ts";
import { checkContent } from "../check.ts";
import { FIELD_NAME, FieldDefinition, Personalization, TemplateDefinition } from "../definition.ts";
import { isTimeZone } from "../field-dates.ts";
import { lintTemplate } from "../lint-template.ts";
import type { Locales } from "../locales.ts";
import { type Design, itemsOf, kindsOf, LIST_NAMES, PASS_TEXTS, SETTINGS, styleOf } from "./design.ts";
import { writeDesign } from "./write-design.ts";

/** Something to look at, at the input that it is about. */
export interface DesignFinding {
  /** The name of the input: `rest` for what has none of its own, `images.logo` for a picture. */
  readonly input: string;
  readonly severity: "error" | "warning";
  /** Reads on from the name of the input. */
  readonly message: string;
  /** Where it is in template.json. */
  readonly path: string;
}

export interface ExaminedDesign {
  /** As it would be saved. */
  readonly definition: TemplateDefinition;
  readonly locales: Locales;
  /** The same without what keeps it from being drawn. */
  readonly drawable: TemplateDefinition;
  /** Errors first. */
  readonly findings: readonly DesignFinding[];
}

export interface DesignSurroundings {
  readonly images: ReadonlyMap<string, Buffer>;
  /** Those that were made of others; what is to be said of them is said of those. */
  readonly made: readonly string[];
  readonly now: number;
  readonly certificate?: CertificateFacts | undefined;
}

/** A day alone is completed when it is written. Who fills in a form is told so by the input, not as a remark. */
const DAY = "APL108";

/** What saving would say of a form, by the same rules, but for the pixels of images, which were looked at before. */
export function examineDesign(design: Design, { images, made, now, certificate }: DesignSurroundings): ExaminedDesign {
  const { definition, locales, problems } = writeDesign(design);
  const drawable = drawableOf(definition);
  const source = new Map(Object.entries(locales));
  const checked = checkContent(definition, source);
  // What has not its form hides the rest from the checks; what can be drawn has its form.
  const drawn = checkContent({ ...drawable, timeZone: definition.timeZone ?? "UTC" }, source);
  const linted = lintTemplate({ definition: drawable, images, locales }, now, certificate);
  const error = ({ path, message }: Problem): Omit<DesignFinding, "input"> => ({ severity: "error", path, message });
  const found = [
    ...problems.map((problem) => ({ ...error(problem), input: problem.path })),
    ...[
      ...[checked, drawn].flatMap((one) => (one.ok ? [] : one.problems.map(error))),
      ...linted.findings.filter(
        ({ id, severity, path }) => !made.includes(path) && !(id === DAY && severity === "warning"),
      ),
    ].map(({ severity, path, message }) => ({
      ...{ severity, path, message },
      input: inputAt(design, path),
    })),
  ];
  const distinct = new Map(found.map((finding) => [`${finding.input} ${finding.message}`, finding]));
  const findings = [...distinct.values()].toSorted((a, b) => a.severity.localeCompare(b.severity));
  return { definition, locales, drawable, findings };
}

/** What is not usable is left out, so that the rest can be seen while somebody is typing. */
function drawableOf(definition: TemplateDefinition): TemplateDefinition {
  const { name, style, fields, pass, timeZone, personalization } = definition;
  const usable = Object.entries(fields).filter(
    ([name, field]) => new RegExp(FIELD_NAME).test(name) && Value.Check(FieldDefinition, field),
  );
  return {
    name: name || "Template",
    style: Value.Check(TemplateDefinition.properties.style, style) ? style : "generic",
    fields: Object.fromEntries(usable),
    pass,
    ...(timeZone !== undefined && isTimeZone(timeZone) ? { timeZone } : {}),
    ...(Value.Check(Personalization, personalization) ? { personalization } : {}),
  };
}

/** The input that shows what stands at a path of template.json, or at a file of the package. */
function inputAt(design: Design, path: string): string {
  const [, image] = /^(?:images\/)?((?:[^/]+\.lproj\/)?[^/]+\.png)$/.exec(path) ?? [];
  if (image !== undefined) return `images.${parseImageName(image)?.name ?? "icon"}`;
  if (/^locales\/|^[^/]+\.lproj\//.test(path)) return "languages";
  if (Object.hasOwn(SETTINGS, path)) return path;
  if (path.startsWith("fields.")) return inputOfField(design, path);
  const inPass = path.startsWith("pass.") ? path.slice("pass.".length) : "";
  if (Object.hasOwn(PASS_TEXTS, inPass)) return path;
  if (/^relevantDates/.test(inPass) && design.texts["pass.relevantDate"]) return "pass.relevantDate";
  const style = `${styleOf(design)}.`;
  if (inPass === `${style}transitType`) return "front.transitType";
  const within = inPass.startsWith(style) ? `front.${inPass.slice(style.length)}` : path;
  return inputInList(design, within) ?? "rest";
}

function inputOfField(design: Design, path: string): string {
  const written = path.slice("fields.".length);
  const at = itemsOf(design, "fields").findIndex(
    ({ name = "" }) => written === name || (name !== "" && written.startsWith(`${name}.`)),
  );
  if (at < 0) return "rest";
  const key = written.slice((itemsOf(design, "fields")[at]?.["name"] ?? "").length + 1);
  return `fields.${at}.${["type", "default", "example", "label"].includes(key) ? key : "name"}`;
}

function inputInList(design: Design, path: string): string | undefined {
  const list = LIST_NAMES.find((name) => path === name || path.startsWith(`${name}.`));
  if (!list || itemsOf(design, list).length === 0) return undefined;
  const [place = "0", key = ""] = path.slice(list.length + 1).split(".");
  const at = Math.min(Number(place) || 0, itemsOf(design, list).length - 1);
  const kinds = kindsOf(list) ?? {};
  if (Object.hasOwn(kinds, key)) return `${list}.${at}.${key}`;
  const first = list.startsWith("front.") ? "value" : (Object.keys(kinds)[0] ?? "more");
  return `${list}.${at}.${key === "" ? first : "more"}`;
}
