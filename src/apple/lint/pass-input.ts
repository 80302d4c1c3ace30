import { isObject, type JsonObject } from "../../templates/placeholders.ts";
import { PassJson } from "../format/pass.ts";
import { Personalization } from "../format/personalization.ts";
import { styles as STYLES } from "../format/styles.ts";
import type { ImageSize, LintContext } from "./finding.ts";
import { type Shape, shapeOf } from "./shape.ts";

export type StyleName = keyof typeof STYLES;

export interface StyleAt {
  readonly name: StyleName;
  readonly dictionary: JsonObject;
}

/** A field with where it stands. */
export interface FieldAt {
  /** Within this, keys must be unique: `pass.storeCard`, `pass.upcomingPassInformation.0`. */
  readonly owner: string;
  /** Absent in an upcoming entry. */
  readonly style: StyleName | undefined;
  readonly group: string;
  readonly index: number;
  readonly path: string;
  readonly field: JsonObject;
}

/** Semantic tags with where they stand. */
export interface TagsAt {
  readonly path: string;
  readonly tags: JsonObject;
}

export interface ImageAt {
  readonly file: string;
  /** Absent at the root of the package. */
  readonly language: string | undefined;
  /** `logo` */
  readonly name: string;
  readonly scale: number;
  readonly size: ImageSize | undefined;
}

export type PosterOrSemantic = "posterEventTicket" | "semanticBoardingPass";

/** A pass, taken apart once for all rules. */
export interface PassInput {
  readonly pass: JsonObject;
  readonly context: LintContext;
  readonly shape: Shape;
  readonly personalizationShape: Shape;
  readonly styles: readonly StyleAt[];
  /** The style that older systems show. */
  readonly classic: StyleAt | undefined;
  /** The newer look that the pass asks for. */
  readonly scheme: PosterOrSemantic | undefined;
  readonly fields: readonly FieldAt[];
  /** Top level, fields and upcoming entries. */
  readonly semantics: readonly TagsAt[];
  readonly images: readonly ImageAt[];
}

const STYLE_NAMES = Object.keys(STYLES) as StyleName[];
const IMAGE_FILE = /^(?:(?<language>[^/]+)\.lproj\/)?(?<name>[^/@]+?)(?:@(?<scale>[23])x)?\.png$/;

export function passInput(pass: JsonObject, context: LintContext): PassInput {
  const styles = STYLE_NAMES.flatMap((name) => {
    const dictionary = pass[name];
    return isObject(dictionary) ? [{ name, dictionary }] : [];
  });
  const entries = objectsIn(pass["upcomingPassInformation"], "pass.upcomingPassInformation");
  const fields = [
    ...styles.flatMap(({ name, dictionary }) => fieldsIn(dictionary, `pass.${name}`, name)),
    ...entries.flatMap(({ value, path }) => fieldsIn(value, path, undefined)),
  ];
  return {
    pass,
    context,
    shape: shapeOf(PassJson, "pass", pass),
    personalizationShape:
      context.personalization === undefined
        ? new Map()
        : shapeOf(Personalization, "personalization", context.personalization),
    styles,
    classic: styles.find(({ name }) => name !== "posterGeneric"),
    scheme: schemeOf(pass),
    fields,
    semantics: [
      ...tagsIn(pass, "pass"),
      ...fields.flatMap(({ field, path }) => tagsIn(field, path)),
      ...entries.flatMap(({ value, path }) => tagsIn(value, path)),
    ],
    images: [...context.images].flatMap(([file, size]) => imageAt(file, size) ?? []),
  };
}

/** The objects of a list, with their paths; nothing where it is no list. */
export function objectsIn(value: unknown, path: string): { value: JsonObject; path: string; index: number }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) =>
    isObject(item) ? [{ value: item, path: `${path}.${index}`, index }] : [],
  );
}

function fieldsIn(dictionary: JsonObject, owner: string, style: StyleName | undefined): FieldAt[] {
  return Object.keys(dictionary)
    .filter((group) => group.endsWith("Fields"))
    .flatMap((group) =>
      objectsIn(dictionary[group], `${owner}.${group}`).map(({ value, path, index }) => ({
        owner,
        style,
        group,
        index,
        path,
        field: value,
      })),
    );
}

function tagsIn(object: JsonObject, path: string): TagsAt[] {
  const tags = object["semantics"];
  return isObject(tags) ? [{ path: `${path}.semantics`, tags }] : [];
}

function schemeOf(pass: JsonObject): PosterOrSemantic | undefined {
  const schemes = pass["preferredStyleSchemes"];
  if (!Array.isArray(schemes)) return undefined;
  if (schemes.includes("posterEventTicket")) return "posterEventTicket";
  return schemes.includes("semanticBoardingPass") ? "semanticBoardingPass" : undefined;
}

function imageAt(file: string, size: ImageSize | undefined): ImageAt | undefined {
  const { language, name, scale } = IMAGE_FILE.exec(file)?.groups ?? {};
  return name === undefined ? undefined : { file, language, name, scale: Number(scale ?? 1), size };
}
