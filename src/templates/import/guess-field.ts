import type { FieldDefinition, FieldType } from "../definition.ts";
import { isEmail, parseFieldValue } from "../field-values.ts";
import { BUILT_IN_NAMES, type Json } from "../placeholders.ts";

/** A field of the new template, with the value that it was read from and where that stood. */
export interface GuessedField {
  readonly name: string;
  readonly definition: FieldDefinition;
  readonly value: Json;
  readonly from: string;
}

export type GuessedFields = ReturnType<typeof createGuessedFields>;

/** The fields of a template as they are found in the values of one pass. */
export function createGuessedFields() {
  const fields = new Map<string, GuessedField>();
  return {
    all: (): readonly GuessedField[] => [...fields.values()],

    /** The field of that name and value. A name that stands for another value already gets a number. */
    add(wanted: string, value: Json, from: string, definition: Omit<FieldDefinition, "example">): GuessedField {
      for (let n = 1; ; n++) {
        const name = fieldName(wanted, n);
        const taken = fields.get(name);
        if (taken && taken.value !== value) continue;
        const example = String(value);
        const field = taken ?? {
          name,
          definition: { ...definition, ...(example === "" ? {} : { example }) },
          value,
          from,
        };
        fields.set(name, field);
        return field;
      }
    },

    /** The first field with that value. */
    withValue: (value: string, type?: FieldType): GuessedField | undefined =>
      [...fields.values()].find((field) => field.value === value && (!type || field.definition.type === type)),
  };
}

const MAX_NAME = 64;

/** A pass field's key as a field name: letters, digits, dot, hyphen and underscore. */
function fieldName(wanted: string, n: number): string {
  const cleaned = wanted.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[._-]+|[._-]+$/g, "") || "field";
  const name = (BUILT_IN_NAMES as readonly string[]).includes(cleaned) ? `${cleaned}-value` : cleaned;
  const suffix = n === 1 ? "" : `-${n}`;
  return name.slice(0, MAX_NAME - suffix.length).replace(/[._-]+$/, "") + suffix;
}

const DATE_WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * The narrowest type that gives the value back as it is; nothing when none does. `drawnAsDate`: also a day without a
 * time is a date there.
 */
export function guessType(value: Json | undefined, drawnAsDate = false): FieldType | undefined {
  if (typeof value === "number") {
    const parsed = parseFieldValue("number", String(value));
    return parsed.ok && Number(parsed.value) === value ? "number" : undefined;
  }
  if (typeof value !== "string") return undefined;
  if ((drawnAsDate || DATE_WITH_ZONE.test(value)) && parseFieldValue("date", value).ok) return "date";
  if (isEmail(value)) return "email";
  if (/^https?:\/\/\S+$/i.test(value) && parseFieldValue("url", value).ok) return "url";
  const phone = value.startsWith("+") ? parseFieldValue("phone", value) : undefined;
  // In another form than E.164 it would come out different.
  return phone?.ok && phone.value === value ? "phone" : "text";
}
