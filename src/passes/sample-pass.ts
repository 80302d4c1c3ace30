import type { Account } from "../accounts/account-store.ts";
import { toSeconds } from "../clock.ts";
import { newSerial } from "../ids.ts";
import { exampleValues } from "../templates/lint-template.ts";
import type { TemplateVersion } from "../templates/template-store.ts";
import type { WholePass } from "./whole-pass.ts";

/**
 * A pass of a template that is stored nowhere, filled with the examples of its fields; with those of the required ones
 * alone, where asked.
 */
export function samplePass(account: Account, template: TemplateVersion, now: number, requiredOnly = false): WholePass {
  const values = exampleValues(template.definition, requiredOnly);
  const recipient = {
    id: "rcp_sample",
    accountId: account.id,
    name: "Sarah Miller",
    nameKey: "sarah miller",
    email: "sarah.miller@example.com",
    phone: null,
    externalId: null,
    klaviyoId: null,
    createdAt: now,
    updatedAt: now,
  };
  const pass = {
    serial: newSerial(now),
    accountId: account.id,
    templateId: template.id,
    recipientId: recipient.id,
    values,
    state: "active" as const,
    voided: false,
    expiredAt: null,
    installedAt: null,
    version: 1,
    lastModified: toSeconds(now),
    contentHash: "",
    updateTag: 0,
    reusable: false,
    externalIdRule: "leave" as const,
    flowId: null,
    repaired: false,
    notes: [],
    writtenBackAt: null,
    personalizedAt: null,
    fetchedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  return { pass, account, recipient, template };
}
