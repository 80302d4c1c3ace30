import type { Clock } from "../clock.ts";
import type { Queries, Transaction } from "../db/database.ts";
import { AppError } from "../errors.ts";
import { canonicalTemplateId } from "../ids.ts";
import type { Templates } from "../templates/templates.ts";
import { findNewestPass } from "./pass-store.ts";
import { checkRecipient, IDENTIFIER_KINDS, type RecipientInput } from "./recipient.ts";
import { findRecipientBy, type Recipient, type ResolvedRecipient, tellOfRecipient } from "./recipient-store.ts";
import { type WholePass, wholePassOf } from "./whole-pass.ts";

/** The pass with that serial number; with a template it must be one of that template. */
interface SerialReference {
  readonly accountId: string;
  readonly serial: string;
  readonly templateId?: string | undefined;
}

/** The pass of that template that a person was given last. */
interface PersonReference {
  readonly accountId: string;
  readonly templateId: string;
  readonly recipient: RecipientInput;
}

export type PassReference = SerialReference | PersonReference;

/** A pass that was found, and what became of its recipient by what the reference says of them. */
interface FoundPass {
  readonly whole: WholePass;
  readonly told: ResolvedRecipient;
  /** What could not be taken over, for the pass. */
  readonly notes: readonly string[];
}

/** `live`: a person's deleted passes are passed over. */
type Which = "any" | "live";

/** Finds the pass that is meant. Never makes a recipient. */
export function createReferences({ templates, clock }: { templates: Templates; clock: Clock }) {
  async function bySerial(query: Queries, { accountId, serial, templateId }: SerialReference): Promise<WholePass> {
    const whole = await wholePassOf(query, templates, accountId, serial);
    if (templateId === undefined || whole.template.id === canonicalTemplateId(templateId)) return whole;
    throw new AppError("not_found", "There is no such pass.");
  }

  async function newestOf(
    query: Queries,
    { accountId, templateId }: PersonReference,
    person: Recipient | undefined,
    which: Which,
  ): Promise<WholePass> {
    const pass = person && (await findNewestPass(query, canonicalTemplateId(templateId), person.id, which));
    if (pass) return wholePassOf(query, templates, accountId, pass.serial);
    throw new AppError("not_found", `This person has no ${which === "live" ? "live " : ""}pass of this template.`);
  }

  return {
    /** Looks, and changes nothing. Throws `not_found`, and `invalid` for a reference that names nobody. */
    async look(query: Queries, reference: PassReference): Promise<WholePass> {
      if ("serial" in reference) return bySerial(query, reference);
      const { recipient } = identified(reference);
      const { known } = await findRecipientBy(query, reference.accountId, recipient);
      return newestOf(query, reference, known, "live");
    },

    /** The same for a change: what the reference says of the person is stored. */
    async find(tx: Transaction, reference: PassReference, which: Which): Promise<FoundPass> {
      if ("serial" in reference) {
        const whole = await bySerial(tx.query, reference);
        return { whole, told: { recipient: whole.recipient, changedNames: [] }, notes: [] };
      }
      const { recipient: input, notes } = identified(reference);
      const { known, said } = await findRecipientBy(tx.query, reference.accountId, input);
      const whole = await newestOf(tx.query, reference, known, which);
      const told = await tellOfRecipient(tx.query, whole.recipient, said, clock.now());
      return { whole: { ...whole, recipient: told.recipient }, told, notes };
    },
  };
}

/** Throws `invalid` where nothing is given that a person can be found by. */
function identified({ recipient }: PersonReference) {
  const checked = checkRecipient(recipient);
  if (IDENTIFIER_KINDS.some((kind) => checked.recipient[kind])) return checked;
  const why = [...checked.notes, "Give an email, a phone number, an externalId or a klaviyoId."].join(" ");
  throw new AppError("invalid", `The request names nobody. ${why}`, {
    details: [{ path: "recipient", message: "names nobody" }],
  });
}
