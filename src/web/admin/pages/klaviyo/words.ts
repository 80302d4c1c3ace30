import { INGESTION_JOB } from "../../../../klaviyo/ingestion-log.ts";
import type { LimitFamily } from "../../../../klaviyo/limits.ts";
import type { SetupStep } from "../../../../klaviyo/setup-steps.ts";

/** What goes to Klaviyo, by the kind of job. */
const KINDS: Readonly<Record<string, string>> = {
  "klaviyo.profile": "Profiles",
  "klaviyo.event": "Events",
  "klaviyo.record": "WalletPass records",
  [INGESTION_JOB]: "Check of records",
  "klaviyo.erasure": "Wishes to be forgotten",
};

export const kindWords = (kind: string): string => KINDS[kind] ?? kind;

/** In the order in which a pass is told. */
export const byKind = (a: string, b: string): number => Object.keys(KINDS).indexOf(a) - Object.keys(KINDS).indexOf(b);

/** What is sent, by Klaviyo's operations. */
export const FAMILY_WORDS: Readonly<Record<LimitFamily, string>> = {
  profile: "Profiles, one by one",
  event: "Events, one by one",
  record: "Records, one by one",
  profileImport: "Profiles in bulk",
  profileImportJob: "What became of profiles in bulk",
  profileImportErrors: "Which profiles in bulk failed",
  eventBulk: "Events in bulk",
  recordBulk: "Records in bulk",
  ingestionLog: "Which records Klaviyo did not take",
  deletion: "Wishes to be forgotten",
};

export const STEP_WORDS: readonly (readonly [SetupStep, string, string])[] = [
  ["data source", "A place for the records", "A data source that only Passhook writes to."],
  ["object type", "The object WalletPass", "With a property for everything that a segment may ask for."],
  ["profile relationship", "Tied to profiles", "So that each pass belongs to its person."],
  ["source mapping", "Filled from the records", "Which value goes into which property."],
  ["activation", "Switched on", "Klaviyo publishes the object, which may take a minute or two."],
];

/** Texts that also stand in a terminal end in the command to run; a page has a button for it. */
export const withoutCommand = (text: string): string =>
  text
    .replace(/:? ?passhook klaviyo \w+(?: --[\w-]+(?: [A-Z]+)?)*/g, "")
    .replace(/\s+$/, "")
    .replace(/([^.!?])$/, "$1.");

/** What Klaviyo said, without what to do about it: a page says that in its own words, with a link. */
export const reasonWords = (reason: string): string =>
  withoutCommand(reason)
    .replace(/\.+ (?:Connect again|The key lacks a scope)\b.*$/, ".")
    .replace(/\.? \(\/data\/?\)\.?/, ".");

export const isKlaviyo = (kind: string): boolean => kind.startsWith("klaviyo.");

/** Why a job of any kind failed. */
export const jobReasonWords = (kind: string, reason: string): string =>
  isKlaviyo(kind) ? reasonWords(reason) : reason;

/** What somebody can do about an error, and where. */
export interface Advice {
  readonly text: string;
  /** A page of the account. */
  readonly link?: { readonly path: string; readonly label: string };
}

const CONNECT = { path: "/klaviyo/connect", label: "Connect" };
const NOTHING_TO_DO = "Nothing has to be done: it is tried again by itself.";

/** The next step after an error of a write-back, which names Klaviyo's status. */
export function adviceOn(reason: string): Advice {
  const status = Number(/Klaviyo answered (\d{3})/.exec(reason)?.[1] ?? 0);
  if (/is disconnected/.test(reason)) return { text: "Connect Klaviyo. Nothing is lost meanwhile.", link: CONNECT };
  switch (status) {
    case 401:
      return { text: "Make a new key in Klaviyo and connect it here. Nothing is lost meanwhile.", link: CONNECT };
    case 403:
      return {
        text: "Make a new key in Klaviyo with the scope that is missing, and connect it here.",
        link: CONNECT,
      };
    case 429:
      return { text: `Klaviyo asked to wait, since its limit is used up. ${NOTHING_TO_DO}` };
    case 0:
    case 408:
      return { text: NOTHING_TO_DO };
    default:
      return status >= 500
        ? { text: `Klaviyo has trouble of its own. ${NOTHING_TO_DO}` }
        : {
            text: "Klaviyo does not take this as it is. Look at what was given up; the notes of the pass say more.",
            link: { path: "/outbox?state=dead", label: "Given up" },
          };
  }
}
