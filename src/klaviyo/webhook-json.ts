import { type ParseErrorCode, printParseErrorCode, visit } from "jsonc-parser";
import { jsonrepair } from "jsonrepair";
import { AppError, messageOf, type Problem } from "../errors.ts";
import { isObject, type JsonObject } from "../templates/placeholders.ts";

export interface WebhookJson {
  readonly body: JsonObject;
  /** It was not JSON and was mended: the caller must hold it against `unsafeRepair`. */
  readonly repaired: boolean;
}

/**
 * Reads a webhook's body. Klaviyo puts values into the text of a template without encoding them, so a quote or a line
 * break in a name makes it invalid; it is mended then, because a refused webhook is never sent again. Throws `invalid`
 * for what cannot be mended, for what is no object, and for a repeated key, with which a value could pose as another
 * field (somebody's name may be `","points":"99999`).
 */
export function readWebhookJson(raw: string): WebhookJson {
  const strict = parse(raw);
  if (strict.ok) return { body: checked(strict.value, raw), repaired: false };
  // With a backslash before a comma jsonrepair calls itself for ever; a runtime with tail calls never ends that, and the
  // whole server would stand still. Hardly a name needs one.
  if (raw.includes("\\")) {
    throw new AppError(
      "invalid",
      `The body is not JSON ${placeOfFault(raw)}; with a backslash in it, it is not mended.`,
    );
  }
  let mended: string;
  try {
    mended = jsonrepair(raw);
  } catch {
    throw new AppError("invalid", `The body is not JSON ${placeOfFault(raw)} and cannot be mended.`);
  }
  const parsed = parse(mended);
  if (!parsed.ok) throw new AppError("invalid", `The body is not JSON ${placeOfFault(raw)}.`);
  const body = checked(parsed.value, mended);
  if (contentOf(mended) !== contentOf(raw)) {
    throw new AppError("invalid", `The body is not JSON ${placeOfFault(raw)}, and mending it would lose a part of it.`);
  }
  return { body, repaired: true };
}

/**
 * The letters and digits of a JSON text: what a repair must not take away. It drops comments and the like, so that a
 * name such as `x","email":"somebody@else.example"}}//` would replace what follows it.
 */
function contentOf(text: string): string {
  return text
    .replace(/\\[nrt]/g, "") // a raw line break, which was mended
    .toLowerCase()
    .replace(/none|null/g, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** What a repair may contain: every key that means something, and the values that say who and what it is about. */
export interface RepairGuard {
  readonly knownKeys: ReadonlySet<string>;
  readonly identifiers: readonly string[];
}

/**
 * Why a mended body must not be believed: a key that nobody knows (a piece of text was taken for one), or an identifier
 * that does not stand in the raw body literally and whole, since a wrong guess would act on a wrong customer.
 */
export function unsafeRepair(raw: string, body: JsonObject, guard: RepairGuard): Problem[] {
  const problems: Problem[] = [];
  for (const path of keyPathsOf(body)) {
    if (!guard.knownKeys.has(path))
      problems.push({ path, message: "is not known, so the mended body cannot be trusted" });
  }
  for (const identifier of guard.identifiers) {
    if (!raw.includes(JSON.stringify(identifier))) {
      problems.push({
        path: "",
        message: `"${identifier}" does not stand in the body as it was sent, so the mended body cannot be trusted`,
      });
    }
  }
  return problems;
}

/** Dotted paths of every key, such as `recipient.email`. */
function keyPathsOf(object: JsonObject, prefix = ""): string[] {
  return Object.entries(object).flatMap(([key, value]) => [
    prefix + key,
    ...(isObject(value) ? keyPathsOf(value, `${prefix}${key}.`) : []),
  ]);
}

function parse(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function checked(value: unknown, text: string): JsonObject {
  if (!isObject(value)) throw new AppError("invalid", "The body must be a JSON object.");
  const repeated = repeatedKey(text);
  if (repeated !== undefined) {
    throw new AppError(
      "invalid",
      `The body has the key ${JSON.stringify(repeated)} twice in one object; which value is meant cannot be told.`,
    );
  }
  return value;
}

/** Far more than any field needs, and far less than what a stack holds. */
const MAX_DEPTH = 64;

/** The first key that stands twice in one object of a JSON text. JSON.parse would take the last one silently. */
function repeatedKey(text: string): string | undefined {
  const open: Set<string>[] = [];
  let repeated: string | undefined;
  const enter = () => {
    if (open.push(new Set()) > MAX_DEPTH) throw new Error(`more than ${MAX_DEPTH} levels`);
  };
  const leave = () => void open.pop();
  try {
    visit(text, {
      onObjectBegin: enter,
      onObjectEnd: leave,
      onArrayBegin: enter,
      onArrayEnd: leave,
      onObjectProperty: (name) => {
        const names = open.at(-1);
        if (names?.has(name)) repeated ??= name;
        names?.add(name);
      },
    });
  } catch (error) {
    throw new AppError("invalid", `The body is nested too deeply (${messageOf(error)}).`);
  }
  return repeated;
}

/** `at character 41, near …`: the reader who pasted the template must find the place. */
function placeOfFault(raw: string): string {
  const faults: { code: ParseErrorCode; offset: number }[] = [];
  try {
    visit(raw, { onError: (code, offset) => void faults.push({ code, offset }) }, { disallowComments: true });
  } catch {
    return "(it is nested too deeply)";
  }
  const [fault] = faults;
  if (!fault) return "";
  const near = JSON.stringify(raw.slice(Math.max(0, fault.offset - 15), fault.offset + 15));
  return `at character ${fault.offset + 1}, near ${near} (${printParseErrorCode(fault.code)})`;
}
