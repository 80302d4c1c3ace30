import { toIso } from "../clock.ts";
import type { LastEventTimes } from "../passes/pass-store.ts";
import { expiryOf } from "../passes/status.ts";
import { jsonValueOrDefault } from "../templates/fill.ts";
import { cutText, MAX_RECORD_BYTES, MAX_RECORD_PROPERTY_BYTES } from "./sizes.ts";
import type { WriteBackSubject } from "./subject.ts";

type PropertyType = "string" | "boolean" | "timestamp";

/** A property of the custom object "WalletPass", as its schema in Klaviyo has it. */
interface WalletPassProperty {
  readonly name: string;
  readonly type: PropertyType;
  readonly description: string;
}

/** The object's id: a record with the same one replaces the one before. */
export const RECORD_ID = "serial";

/** What a marketer can segment and personalise by. Order and names are the schema's: new ones go to the end. */
export const WALLET_PASS_PROPERTIES = [
  { name: "serial", type: "string", description: "Serial number of the pass" },
  { name: "state", type: "string", description: "active, uninstalled or deleted" },
  { name: "installed", type: "boolean", description: "Whether it is in a wallet now" },
  { name: "voided", type: "boolean", description: "Whether it is marked as no longer good" },
  { name: "url", type: "string", description: "Link for emails: adds the pass, or leads to it" },
  { name: "download_url", type: "string", description: "The pass file itself (.pkpass)" },
  { name: "platform", type: "string", description: "apple" },
  { name: "template", type: "string", description: "Name of the template" },
  { name: "template_id", type: "string", description: "Id of the template" },
  { name: "fields", type: "string", description: "What is on it, such as: points-balance: 70, member-level: Gold" },
  { name: "created_at", type: "timestamp", description: "When it was issued" },
  { name: "updated_at", type: "timestamp", description: "When it last changed" },
  { name: "installed_at", type: "timestamp", description: "When it was last added to a wallet" },
  { name: "uninstalled_at", type: "timestamp", description: "When it was removed, unless it was added again since" },
  { name: "deleted_at", type: "timestamp", description: "When it was ended" },
  { name: "expires_at", type: "timestamp", description: "Until when it is good" },
] as const satisfies readonly WalletPassProperty[];

type PropertyName = (typeof WALLET_PASS_PROPERTIES)[number]["name"];

/**
 * Keys of a record that lead to the profile it belongs to, the strongest first, and Klaviyo's names for these kinds. They
 * are not properties of the object: the profile has them.
 */
export const WALLET_PASS_IDENTIFIERS = [
  { name: "klaviyo_id", type: "klaviyo-id" },
  { name: "external_id", type: "external-id" },
  { name: "email", type: "email" },
  { name: "phone", type: "phone" },
] as const;

type IdentifierName = (typeof WALLET_PASS_IDENTIFIERS)[number]["name"];
export type WalletPassRecord = Readonly<Record<PropertyName | IdentifierName, string | boolean | null>>;

/**
 * The whole record of a pass, null where there is nothing to say: Klaviyo takes what a record lacks for gone. It has every
 * identifier that is known, as Klaviyo asks for: the profile's id may have been merged away since. What Klaviyo would
 * refuse for its size is cut, and `notes` say so.
 */
export function walletPassRecord(
  subject: WriteBackSubject,
  last: LastEventTimes,
): { readonly record: WalletPassRecord; readonly notes: readonly string[] } {
  const { pass, template, url, recipient } = subject;
  const notes: string[] = [];

  /** A shortened text is still good to read; a shortened link or identifier is not. */
  function fit(name: string, value: string | null, canBeCut: boolean): string | null {
    if (value === null || Buffer.byteLength(value) <= MAX_RECORD_PROPERTY_BYTES) return value;
    notes.push(
      `${name} is longer than Klaviyo takes and was ${canBeCut ? "cut" : "left out"} in the WalletPass record.`,
    );
    return canBeCut ? cutText(value, MAX_RECORD_PROPERTY_BYTES) : null;
  }

  const record: WalletPassRecord = {
    serial: pass.serial,
    state: pass.state,
    installed: pass.installedAt !== null,
    voided: pass.voided,
    url: fit("url", url, false),
    download_url: fit("download_url", `${url}.pkpass`, false),
    platform: "apple",
    template: template.definition.name,
    template_id: template.id,
    fields: fit("fields", fieldsText(subject), true),
    created_at: toIso(pass.createdAt),
    updated_at: toIso(pass.updatedAt),
    installed_at: time(last.installed),
    uninstalled_at: (last.uninstalled ?? 0) > (last.installed ?? 0) ? time(last.uninstalled) : null,
    deleted_at: time(last.deleted),
    expires_at: time(expiryOf(subject)),
    klaviyo_id: fit("klaviyo_id", recipient.klaviyoId, false),
    external_id: fit("external_id", recipient.externalId, false),
    email: fit("email", recipient.email, false),
    phone: fit("phone", recipient.phone, false),
  };
  if (Buffer.byteLength(JSON.stringify(record)) <= MAX_RECORD_BYTES) return { record, notes };
  notes.push("The WalletPass record is larger than Klaviyo takes; fields was left out of it.");
  return { record: { ...record, fields: null }, notes };
}

const time = (ms: number | undefined): string | null => (ms === undefined ? null : toIso(ms));

/** What tells passes apart; colours and links do not, and the profile has the person's addresses. */
const TOLD_TYPES: ReadonlySet<string> = new Set(["text", "number", "date", "boolean"]);

function fieldsText({ pass, template: { definition } }: WriteBackSubject): string {
  return Object.entries(definition.fields)
    .filter(([, { type }]) => TOLD_TYPES.has(type))
    .map(([name]) => [name, jsonValueOrDefault(definition, pass.values, name)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`)
    .join(", ");
}
