import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { didYouMean } from "../did-you-mean.ts";
import { AppError, type Problem } from "../errors.ts";
import { canonicalTemplateId } from "../ids.ts";
import { readTemplateText } from "../klaviyo/template-text.ts";
import { readWebhookJson, unsafeRepair } from "../klaviyo/webhook-json.ts";
import { IDENTIFIER_KINDS, type RecipientInput } from "../passes/recipient.ts";
import type { TemplateDefinition } from "../templates/definition.ts";
import type { GivenValue } from "../templates/fill.ts";
import type { JsonObject } from "../templates/placeholders.ts";

const RECIPIENT_KEYS = ["email", "name", "phone", "externalId", "klaviyoId"] as const;

/** Shape of the bodies that carry a pass. Values are read one by one, since a template engine wrote them. */
const PassBody = Type.Object({
  passTemplate: Type.Optional(Type.Unknown()),
  passType: Type.Optional(Type.Unknown()),
  serialNumber: Type.Optional(Type.Unknown()),
  pass: Type.Record(Type.String(), Type.Unknown()),
  recipient: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  idempotencyKey: Type.Optional(Type.Unknown()),
});
type PassBody = Static<typeof PassBody>;

/** A body that has been read as far as that is possible without its template. */
export interface ReadPassBody {
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly repaired: boolean;
  /** Throws `invalid` when the body was mended and the result cannot be trusted. */
  assertTrustworthy(definition: TemplateDefinition): void;
}

/** The same, where it also says which template and for whom. */
export interface ReadCreateBody extends ReadPassBody {
  readonly templateId: string;
  readonly recipient: RecipientInput;
  readonly idempotencyKey: string | undefined;
}

/** Reads the body of `POST /v1/passes`. Throws `invalid` with every problem. */
export function readCreateBody(raw: string): ReadCreateBody {
  const { body, read } = readShape(raw);
  const problems: Problem[] = [];
  const templateId = readTemplateId(body, problems);
  const recipient = readRecipient(body.recipient ?? {}, problems);
  if (problems.length > 0 || templateId === undefined) throw refusal(problems);
  return { ...read, templateId, recipient, idempotencyKey: textOf(body.idempotencyKey) };
}

/** Reads the body of a change; the address says which pass. Throws `invalid` with every problem. */
export const readUpdateBody = (raw: string): ReadPassBody => readShape(raw).read;

const SerialsBody = Type.Object({ serials: Type.Array(Type.String(), { minItems: 1 }) });

/** Reads the body of `POST /v1/bundles`. */
export function readSerials(raw: string): string[] {
  const { body, repaired } = readWebhookJson(raw);
  if (!repaired && Value.Check(SerialsBody, body)) return body.serials;
  throw refusal([{ path: "serials", message: "must be a list of serial numbers" }]);
}

function readShape(raw: string): { body: PassBody; read: ReadPassBody } {
  const { body, repaired } = readWebhookJson(raw);
  if (!Value.Check(PassBody, body)) throw refusal(shapeProblems(body));
  const read: ReadPassBody = {
    given: new Map(Object.entries(body.pass).map(([name, value]) => [name, readTemplateText(value)])),
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

function shapeProblems(body: JsonObject): Problem[] {
  const problems: Problem[] = [];
  if (body["pass"] === undefined) {
    problems.push({
      path: "pass",
      message: `is missing${didYouMean("pass", Object.keys(body))}: an object with the template's fields, {} for none`,
    });
  }
  for (const { path, message } of Value.Errors(PassBody, body)) {
    const name = path.slice(1);
    if (name !== "pass" || body["pass"] !== undefined)
      problems.push({ path: name, message: message.replace(/^Expected/, "must be") });
  }
  return problems;
}

function readTemplateId({ passTemplate, passType }: PassBody, problems: Problem[]): string | undefined {
  const [newer, older] = [textOf(passTemplate), textOf(passType)];
  if (newer && older && canonicalTemplateId(newer) !== canonicalTemplateId(older)) {
    problems.push({ path: "passType", message: `is "${older}" but passTemplate is "${newer}"; give one of them` });
  }
  const id = newer ?? older;
  if (id === undefined)
    problems.push({ path: "passTemplate", message: "is missing: the id of the template, such as ptk_0x14" });
  return id;
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
    ...Object.keys(definition.fields).map((name) => `pass.${name}`),
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
