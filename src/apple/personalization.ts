import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { AppError } from "../errors.ts";
import type { Changes } from "../passes/changes.ts";
import { changedNames } from "../passes/new-values.ts";
import { checkRecipient } from "../passes/recipient.ts";
import { tellOfRecipient } from "../passes/recipient-store.ts";
import { findWholePass, type WholePass } from "../passes/whole-pass.ts";
import { PERSONALIZATION_FIELDS, type PersonalizationField } from "../templates/definition.ts";
import { fillFields, type GivenValue, presentValues } from "../templates/fill.ts";
import type { Templates } from "../templates/templates.ts";
import type { Identities } from "./identities.ts";

/** Where the phone's answer to each question stands (Apple: "Personalize a Pass"). */
const ANSWERS: Record<PersonalizationField, string> = {
  Name: "fullName",
  EmailAddress: "emailAddress",
  PhoneNumber: "phoneNumber",
  PostalCode: "postalCode",
};
const MAX_TOKEN_LENGTH = 4_096;
const MAX_ANSWER_LENGTH = 500;

export interface PersonalizerDependencies {
  readonly db: Database;
  readonly clock: Clock;
  readonly templates: Templates;
  readonly identities: Identities;
  readonly changes: Changes;
}

export type Personalizer = ReturnType<typeof createPersonalizer>;

/**
 * Rewards enrolment: stores what the customer told the phone as recipient and field values, and signs the phone's token.
 * No authorization is documented for this call; a repeat changes nothing and gets its token signed as well.
 */
export function createPersonalizer({ db, clock, templates, identities, changes }: PersonalizerDependencies) {
  return async (serial: string, body: Readonly<Record<string, unknown>>): Promise<Buffer> => {
    const whole = await findWholePass(db.read, templates, serial);
    if (!whole?.template.definition.personalization || whole.pass.state === "deleted") {
      throw new AppError("not_found", "There is nothing to sign up for here.");
    }
    const { personalizationToken: token, requiredPersonalizationInfo: info } = body;
    if (typeof token !== "string" || token === "" || token.length > MAX_TOKEN_LENGTH) {
      throw new AppError("invalid", "The personalization token is missing or malformed.");
    }
    const answers = answersOf(info);
    await db.transaction(async (tx) => {
      const now = await findWholePass(tx.query, templates, serial);
      if (now?.pass.personalizedAt !== null) return;
      const { recipient: said, notes } = checkRecipient({
        name: answers.get("Name"),
        email: answers.get("EmailAddress"),
        phone: answers.get("PhoneNumber"),
      });
      const told = await tellOfRecipient(tx.query, now.recipient, said, clock.now());
      const values = valuesOf(now, answers);
      const changedFields = changedNames(presentValues(now.template.definition, now.pass.values), values);
      const signedUp = { values, notes: [...now.pass.notes, ...notes], personalizedAt: clock.now() };
      await changes.revise(tx, { ...now, recipient: told.recipient }, signedUp, { kind: "updated", changedFields });
      await changes.followRecipient(tx, told);
    });
    const identity = await identities.choose(whole.account.id, whole.template.definition.passTypeIdentifier);
    const signer = await identities.signerOf(identity);
    return signer.sign(Buffer.from(token, "utf8"), clock.now());
  };
}

function answersOf(info: unknown): Map<PersonalizationField, string> {
  const answers = new Map<PersonalizationField, string>();
  if (typeof info !== "object" || info === null) return answers;
  const given = new Map<string, unknown>(Object.entries(info));
  for (const name of PERSONALIZATION_FIELDS) {
    const answer = given.get(ANSWERS[name]);
    if (typeof answer === "string" && answer.trim() !== "")
      answers.set(name, answer.trim().slice(0, MAX_ANSWER_LENGTH));
  }
  return answers;
}

/** The pass's values with the answers in their fields; one that does not fit its field's type is left out. */
function valuesOf({ pass, template }: WholePass, answers: ReadonlyMap<PersonalizationField, string>) {
  const given = new Map<string, GivenValue>();
  for (const [name, target] of Object.entries(template.definition.personalization?.fields ?? {})) {
    const known = PERSONALIZATION_FIELDS.find((field) => field === name);
    const text = known && answers.get(known);
    if (target && text) given.set(target, { kind: "text", text });
  }
  return fillFields(template.definition, given, pass.values).values;
}
