import { isObject, type JsonObject } from "../../templates/placeholders.ts";
import { formatValue, type Viewer } from "./field-value.ts";
import { type DataDetector, detectLinks, readMarkup, type TextPart } from "./linked-text.ts";

/** What the fields of a pass are read with. */
export interface FieldSource {
  /** The dictionary of the style. */
  readonly dictionary: JsonObject;
  readonly viewer: Viewer;
  /** A text in the language of the pass. */
  readonly localise: (text: string) => string;
}

export interface BackField {
  readonly key: string;
  readonly label: string;
  readonly parts: readonly TextPart[];
}

/** The fields of a group as they are in pass.json. Wallet drops the second one of a key. */
export function fieldsIn(dictionary: JsonObject, group: string): JsonObject[] {
  const fields = dictionary[group];
  const known = new Set<unknown>();
  return (Array.isArray(fields) ? fields : []).filter((field): field is JsonObject => {
    if (!isObject(field) || known.has(field["key"])) return false;
    known.add(field["key"]);
    return true;
  });
}

/** The value of a field as text. */
export function plainValue(field: JsonObject, { viewer, localise }: FieldSource): string {
  const text = formatValue(field, viewer, localise);
  if (!isMarkup(field)) return text;
  return readMarkup(text)
    .map((part) => part.text)
    .join("");
}

export const labelOf = ({ label }: JsonObject, { localise }: FieldSource): string =>
  typeof label === "string" ? localise(label) : "";

/** The fields of the back, with what is a link. */
export function backFields(source: FieldSource): BackField[] {
  const { dictionary, viewer, localise } = source;
  return fieldsIn(dictionary, "backFields").map((field) => {
    const text = formatValue(field, viewer, localise);
    return {
      key: String(field["key"]),
      label: labelOf(field, source),
      parts: isMarkup(field) ? readMarkup(text) : detectLinks(text, detectorsOf(field), viewer.locale),
    };
  });
}

const isMarkup = (field: JsonObject): boolean => typeof field["attributedValue"] === "string";

const DETECTORS: readonly DataDetector[] = ["PKDataDetectorTypeLink", "PKDataDetectorTypePhoneNumber"];

/** All where the field names none. */
function detectorsOf({ dataDetectorTypes }: JsonObject): readonly DataDetector[] {
  if (!Array.isArray(dataDetectorTypes)) return DETECTORS;
  return DETECTORS.filter((detector) => dataDetectorTypes.includes(detector));
}
