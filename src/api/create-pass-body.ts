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

/** Shape of `POST /v1/passes`. Values are read one by one, since a template engine wrote them. */
const CreatePassBody = Type.Object({
  passTemplate: Type.Optional(Type.Unknown()),
  passType: Type.Optional(Type.Unknown()),
  pass: Type.Record(Type.String(), Type.Unknown()),
  recipient: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  idempotencyKey: Type.Optional(Type.Unknown()),
});
type CreatePassBody = Static<typeof CreatePassBody>;

/** A body that has been read as far as that is possible without its template. */
export interface ReadBody {
  readonly templateId: string;
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly recipient: RecipientInput;
  readonly idempotencyKey: string | undefined;
  readonly repaired: boolean;
  /** Throws `invalid` when the body was mended and the result cannot be trusted. */
  assertTrustworthy(definition: TemplateDefinition): void;
}

/** Reads the body of `POST /v1/passes`. Throws `invalid` with every problem. */
export function readCreatePassBody(raw: string): ReadBody {
  const { body, repaired } = readWebhookJson(raw);
  if (!Value.Check(CreatePassBody, body)) throw refusal(shapeProblems(body));
  const problems: Problem[] = [];
  const templateId = readTemplateId(body, problems);
  const recipient = readRecipient(body.recipient ?? {}, problems);
  const idempotencyKey = textOf(body.idempotencyKey);
  if (problems.length > 0 || templateId === undefined) throw refusal(problems);
  return {
    templateId,
    given: new Map(Object.entries(body.pass).map(([name, value]) => [name, readTemplateText(value)])),
    recipient,
    idempotencyKey,
    repaired,
    assertTrustworthy(definition) {
      if (!repaired) return;
      const unsafe = unsafeRepair(raw, body as JsonObject, {
        knownKeys: knownKeys(definition),
        identifiers: writtenIdentifiers(body),
      });
      if (unsafe.length > 0)
        throw new AppError("invalid", "The body is not JSON, and mending it would be a guess.", { details: unsafe });
    },
  };
}

function shapeProblems(body: JsonObject): Problem[] {
  const problems: Problem[] = [];
  if (body["pass"] === undefined) {
    problems.push({
      path: "pass",
      message: `is missing${didYouMean("pass", Object.keys(body))}: an object with the template's fields, {} for none`,
    });
  }
  for (const { path, message } of Value.Errors(CreatePassBody, body)) {
    const name = path.slice(1);
    if (name !== "pass" || body["pass"] !== undefined)
      problems.push({ path: name, message: message.replace(/^Expected/, "must be") });
  }
  return problems;
}

function readTemplateId({ passTemplate, passType }: CreatePassBody, problems: Problem[]): string | undefined {
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
    ...["passTemplate", "passType", "pass", "recipient", "idempotencyKey"],
    ...RECIPIENT_KEYS.map((key) => `recipient.${key}`),
    ...Object.keys(definition.fields).map((name) => `pass.${name}`),
  ]);
}

/** The values that say who and what a body is about, as they stand in it. */
function writtenIdentifiers({ passTemplate, passType, recipient = {}, idempotencyKey }: CreatePassBody): string[] {
  const written = [passTemplate, passType, idempotencyKey, ...IDENTIFIER_KINDS.map((kind) => recipient[kind])];
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
