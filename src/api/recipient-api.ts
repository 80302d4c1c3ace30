import { parseApiKey } from "../accounts/api-key.ts";
import type { Clock } from "../clock.ts";
import { AppError, type Problem } from "../errors.ts";
import { type Eraser, erasureObject } from "../passes/erase/erase.ts";
import { IDENTIFIER_KINDS } from "../passes/recipient.ts";
import type { KnownRecipient, RecipientReference, Recipients } from "../passes/recipients.ts";
import type { AnswerCall, ApiCall } from "./answer-call.ts";
import { recipientObject } from "./found-pass.ts";
import { type GivenIdentifiers, readIdentifiers } from "./identifiers.ts";
import { readParameters } from "./parameters.ts";
import { passObject } from "./pass-object.ts";

export interface RecipientApiDependencies {
  readonly answer: AnswerCall;
  readonly clock: Clock;
  readonly recipients: Recipients;
  readonly eraser: Eraser;
  readonly publicUrl: string;
}

export type RecipientApi = ReturnType<typeof createRecipientApi>;

/** How an address names a person: by id, or by one identifier among its parameters. */
export interface RecipientAddress {
  readonly id?: string;
  readonly given: URLSearchParams;
}

/** Looking people up, and erasing them. */
export function createRecipientApi({ answer, clock, recipients, eraser, publicUrl }: RecipientApiDependencies) {
  return {
    get: (call: ApiCall, address: RecipientAddress) =>
      answer(call, "read", async (accountId) => {
        const known = await recipients.find(referenceOf(accountId, address));
        if (!known) throw new AppError("not_found", "Nobody is known by that here.");
        return knownRecipientObject(known, publicUrl, clock.now());
      }),

    erase: (call: ApiCall, address: RecipientAddress) =>
      answer(call, "manage", async (accountId) => {
        const requestedBy = `API key ${parseApiKey(call.apiKey ?? "")?.id}`;
        return erasureObject(await eraser.erase({ ...referenceOf(accountId, address), requestedBy }));
      }),
  };
}

/** A person as the API and the command line show them. */
export function knownRecipientObject(
  { recipient, identifiers, passes }: KnownRecipient,
  publicUrl: string,
  now: number,
) {
  return {
    ...recipientObject(recipient),
    identifiers,
    passes: passes.map(({ pass, template }) => passObject(pass, template, publicUrl, now)),
  };
}

function referenceOf(accountId: string, { id, given }: RecipientAddress): RecipientReference {
  if (id === undefined) return readReference(accountId, readParameters(given, IDENTIFIER_KINDS));
  readParameters(given, []);
  return { accountId, by: "id", value: id };
}

/** The one identifier that is given. Throws `invalid` for none or several, and for one that cannot be read. */
export function readReference(accountId: string, given: GivenIdentifiers): RecipientReference {
  const problems: Problem[] = [];
  const identifiers = readIdentifiers(given, problems);
  const [problem] = problems;
  if (problem) throw new AppError("invalid", `${problem.path} ${problem.message}.`, { details: problems });
  const [by, another] = IDENTIFIER_KINDS.filter((kind) => identifiers[kind] !== undefined);
  const value = by && identifiers[by];
  if (by !== undefined && value !== undefined && another === undefined) return { accountId, by, value };
  throw new AppError("invalid", `Name the person by one of ${IDENTIFIER_KINDS.join(", ")}.`);
}
