import { findAccount } from "../accounts/account-store.ts";
import type { Queries } from "../db/database.ts";
import type { Pass } from "../passes/pass.ts";
import { findPass, passesOfRecipient } from "../passes/pass-store.ts";
import { passUrl } from "../passes/pass-url.ts";
import { findRecipient, type Recipient } from "../passes/recipient-store.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import type { Templates } from "../templates/templates.ts";

/** Everything that a write-back of one pass tells of. */
export interface WriteBackSubject {
  readonly pass: Pass;
  readonly recipient: Recipient;
  readonly template: TemplateVersion;
  /** The `/p/` link. */
  readonly url: string;
  /**
   * The pass that the profile's properties tell of: of the person's passes whose templates write the same properties,
   * the newest that is not deleted. So no late write-back of an older pass makes the profile say something false.
   */
  readonly shown: Pass;
  /** Whether the profile's `external_id` becomes the serial number. */
  readonly setsExternalId: boolean;
}

export interface SubjectDependencies {
  readonly templates: Templates;
  readonly publicUrl: string;
}

export type Subjects = ReturnType<typeof createSubjects>;

const DEFAULT_PREFIX = "wallet_pass";

/** What a template's profile properties begin with. */
export const prefixOf = ({ definition }: TemplateVersion): string => definition.profilePropertyPrefix ?? DEFAULT_PREFIX;

/** Reads what write-backs tell of, as it is now. */
export function createSubjects({ templates, publicUrl }: SubjectDependencies) {
  async function shownPass(query: Queries, pass: Pass, template: TemplateVersion): Promise<Pass> {
    const all = await passesOfRecipient(query, pass.recipientId);
    if (all.length <= 1) return all[0] ?? pass;
    const prefix = prefixOf(template);
    const same: Pass[] = [];
    for (const other of all) {
      const itsTemplate = other.templateId === template.id ? template : await templates.ofPass(other);
      if (prefixOf(itsTemplate) === prefix) same.push(other);
    }
    return same.find(({ state }) => state !== "deleted") ?? same[0] ?? pass;
  }

  return {
    shownPass,

    /** Nothing where the pass is gone, or nobody it belongs to. */
    async load(query: Queries, accountId: string, serial: string): Promise<WriteBackSubject | undefined> {
      const pass = await findPass(query, serial);
      if (!pass) return undefined;
      const [recipient, account, template] = await Promise.all([
        findRecipient(query, pass.recipientId),
        findAccount(query, accountId),
        templates.ofPass(pass),
      ]);
      if (!recipient || !account) return undefined;
      const rule = pass.externalIdRule === "account" ? account.externalIdPolicy : pass.externalIdRule;
      return {
        pass,
        recipient,
        template,
        url: passUrl(publicUrl, pass.serial),
        shown: await shownPass(query, pass, template),
        // An external id that is known to be the shop's own is never overwritten, whatever the rule for unknown ones.
        setsExternalId: rule === "set" && recipient.externalId === null,
      };
    },

    urlOf: ({ serial }: Pass): string => passUrl(publicUrl, serial),
  };
}
