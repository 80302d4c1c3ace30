import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { didYouMean } from "../did-you-mean.ts";
import { AppError, type Problem } from "../errors.ts";
import { canonicalTemplateId } from "../ids.ts";
import { readFieldValue, readTemplateText } from "../klaviyo/template-text.ts";
import { readWebhookJson, unsafeRepair } from "../klaviyo/webhook-json.ts";
import { IDENTIFIER_KINDS, type RecipientInput } from "../passes/recipient.ts";
import type { TemplateDefinition } from "../templates/definition.ts";
import type { GivenValue } from "../templates/fill.ts";
import type { JsonObject } from "../templates/placeholders.ts";

const RECIPIENT_KEYS = ["email", "name", "phone", "externalId", "klaviyoId"] as const;

/** Shape of the bodies that carry a pass or a person. Values are read one by one, since a template engine wrote them. */
const PassBody = Type.Partial(
  Type.Object({
    passTemplate: Type.Unknown(),
    passType: Type.Unknown(),
    serialNumber: Type.Unknown(),
    pass: Type.Record(Type.String(), Type.Unknown()),
    recipient: Type.Record(Type.String(), Type.Unknown()),
    idempotencyKey: Type.Unknown(),
  }),
);
type PassBody = Static<typeof PassBody>;

/** What a call cannot do without, and how it is asked for. */
const NEEDED = {
  pass: "an object with the template's fields, {} for none",
  recipient: 'whose pass is meant, such as {"email": "sarah@example.com"}',
} as const;
type Needed = keyof typeof NEEDED;

/** A body that has been read as far as that is possible without its template. */
export interface ReadPassBody {
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly idempotencyKey: string | undefined;
  readonly repaired: boolean;
  /** Throws `invalid` when the body was mended and the result cannot be trusted. */
  assertTrustworthy(definition: TemplateDefinition): void;
}

/** The same, where it also says for whom. */
export interface ReadPersonBody extends ReadPassBody {
  readonly recipient: RecipientInput;
}

/** The same, where it also says which template. */
export interface ReadCreateBody extends ReadPersonBody {
  readonly templateId: string;
}

/**
 * Reads the body of `POST /v1/passes`; `usualTemplate` is meant where it names none. Throws `invalid` with every problem.
 */
export function readCreateBody(raw: string, usualTemplate?: string): ReadCreateBody {
  const { body, read } = readShape(raw, ["pass"]);
  const problems: Problem[] = [];
  const templateId = readTemplateId(body, problems) ?? usualTemplate;
  if (templateId === undefined)
    problems.push({ path: "passTemplate", message: "is missing: the id of the template, such as ptk_0x14" });
  const recipient = readRecipient(body.recipient ?? {}, problems);
  if (problems.length > 0 || templateId === undefined) throw refusal(problems);
  return { ...read, templateId, recipient };
}

/** Reads the body of a change; the address says which pass. Throws `invalid` with every problem. */
export const readUpdateBody = (raw: string): ReadPassBody => readShape(raw, ["pass"]).read;

/** The same where the body itself says which pass. */
export function readUpdateLine(raw: string): ReadPassBody & { serial: string; templateId: string | undefined } {
  const { body, read } = readShape(raw, ["pass"]);
  const problems: Problem[] = [];
  const templateId = readTemplateId(body, problems);
  const serial = textOf(body.serialNumber);
  if (serial === undefined) problems.push({ path: "serialNumber", message: "is missing: which pass is meant" });
  if (problems.length > 0 || serial === undefined) throw refusal(problems);
  return { ...read, serial, templateId };
}

/** The same where the body also says whose pass is meant. */
export const readPersonUpdateBody = (raw: string): ReadPersonBody => readPerson(raw, ["pass", "recipient"]);

/** Reads a body that says whose pass is meant, and nothing else. Throws `invalid` with every problem. */
export const readPersonBody = (raw: string): ReadPersonBody => readPerson(raw, ["recipient"]);

function readPerson(raw: string, needed: readonly Needed[]): ReadPersonBody {
  const { body, read } = readShape(raw, needed);
  return { ...read, recipient: checkedRecipient(body.recipient ?? {}) };
}

/** Reads a person from the query of an address. Throws `invalid` with every problem. */
export function readPersonQuery({ email, phone, ...others }: Readonly<Record<string, string>>): RecipientInput {
  return checkedRecipient({
    ...others,
    // A plus that was not encoded arrives as a space, which neither has there.
    ...(email === undefined ? {} : { email: email.trim().replaceAll(" ", "+") }),
    ...(phone === undefined ? {} : { phone: phone.replace(/^ /, "+") }),
  });
}

function checkedRecipient(given: Readonly<Record<string, unknown>>): RecipientInput {
  const problems: Problem[] = [];
  const recipient = readRecipient(given, problems);
  if (problems.length > 0) throw refusal(problems);
  return recipient;
}

const SerialsBody = Type.Object({ serials: Type.Array(Type.String(), { minItems: 1 }) });

/** Reads the body of `POST /v1/bundles`. */
export function readSerials(raw: string): string[] {
  const { body, repaired } = readWebhookJson(raw);
  if (!repaired && Value.Check(SerialsBody, body)) return body.serials;
  throw refusal([{ path: "serials", message: "must be a list of serial numbers" }]);
}

function readShape(raw: string, needed: readonly Needed[]): { body: PassBody; read: ReadPassBody } {
  const { body, repaired } = readWebhookJson(raw);
  const problems = [...missing(body, needed), ...shapeProblems(body)];
  if (problems.length > 0 || !Value.Check(PassBody, body)) throw refusal(problems);
  const read: ReadPassBody = {
    given: new Map(Object.entries(body.pass ?? {}).map(([name, value]) => [name, readFieldValue(value)])),
    idempotencyKey: textOf(body.idempotencyKey),
    repaired,
    assertTrustworthy(definition) {
      if (!repaired) return;
      const guard = { knownKeys: knownKeys(definition), identifiers: writtenIdentifiers(body) };
      const unsafe = unsafeRepair(raw, body as JsonObject, guard);
      if (unsafe.length > 0) {
        throw new AppError("invalid", "The body is not JSON, and mending it would be a guess.", { details: unsafe });
      }
    },
  };
  return { body, read };
}

const missing = (body: JsonObject, needed: readonly Needed[]): Problem[] =>
  needed
    .filter((key) => body[key] === undefined)
    .map((key) => ({ path: key, message: `is missing${didYouMean(key, Object.keys(body))}: ${NEEDED[key]}` }));

const shapeProblems = (body: JsonObject): Problem[] =>
  [...Value.Errors(PassBody, body)].map(({ path, message }) => ({
    path: path.slice(1),
    message: message.replace(/^Expected/, "must be"),
  }));

function readTemplateId({ passTemplate, passType }: PassBody, problems: Problem[]): string | undefined {
  const [newer, older] = [textOf(passTemplate), textOf(passType)];
  if (newer && older && canonicalTemplateId(newer) !== canonicalTemplateId(older)) {
    problems.push({ path: "passType", message: `is "${older}" but passTemplate is "${newer}"; give one of them` });
  }
  return newer ?? older;
}

function readRecipient(given: Readonly<Record<string, unknown>>, problems: Problem[]): RecipientInput {
  for (const name of Object.keys(given)) {
    if (!(RECIPIENT_KEYS as readonly string[]).includes(name)) {
      problems.push({ path: `recipient.${name}`, message: `is not known${didYouMean(name, RECIPIENT_KEYS)}` });
    }
  }
  const read = (name: (typeof RECIPIENT_KEYS)[number]): string | null | undefined => {
    if (!(name in given)) return undefined;
    const value = readTemplateText(given[name]);
    if (value.kind === "unusable") problems.push({ path: `recipient.${name}`, message: value.message });
    // A tag that was not rendered says nothing about the profile; an empty one says that there is no value.
    if (value.kind === "missing" && value.reason) return undefined;
    return value.kind === "text" ? value.text : null;
  };
  return {
    email: read("email"),
    name: read("name"),
    phone: read("phone"),
    externalId: read("externalId"),
    klaviyoId: read("klaviyoId"),
  };
}

function knownKeys(definition: TemplateDefinition): Set<string> {
  return new Set([
    ...["passTemplate", "passType", "serialNumber", "pass", "recipient", "idempotencyKey"],
    ...RECIPIENT_KEYS.map((key) => `recipient.${key}`),
    ...Object.keys(definition.fields).flatMap((name) => [`pass.${name}`, `pass.${name}.add`]),
  ]);
}

/** The values that say who and what a body is about, as they stand in it. */
function writtenIdentifiers({
  passTemplate,
  passType,
  serialNumber,
  recipient = {},
  idempotencyKey,
}: PassBody): string[] {
  const written = [
    passTemplate,
    passType,
    serialNumber,
    idempotencyKey,
    ...IDENTIFIER_KINDS.map((kind) => recipient[kind]),
  ];
  return written.filter((value) => value !== undefined && value !== null && value !== "").map(String);
}

function textOf(value: unknown): string | undefined {
  const read = readTemplateText(value);
  return read.kind === "text" ? read.text : undefined;
}

function refusal(problems: readonly Problem[]): AppError {
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  return new AppError("invalid", `The request cannot be understood: ${list}.`, { details: problems });
}
