import { didYouMean } from "../did-you-mean.ts";
import { AppError, type Problem } from "../errors.ts";
import { type Allowance, refusalOfUrl } from "./destinations.ts";
import { type EventType, KNOWN_EVENT_TYPES } from "./webhook.ts";

const MAX_NAME_CHARACTERS = 200;
const MAX_URL_CHARACTERS = 2_000;

/** What a person can say about a webhook. */
export interface WebhookInput {
  readonly name: string;
  readonly url: string;
  readonly subscribedEvents: readonly string[];
  readonly includeValues: boolean;
}

export interface CheckedWebhook extends WebhookInput {
  readonly subscribedEvents: readonly EventType[];
}

/** Reads what was given. Throws `invalid` with every problem. */
export function checkWebhook(input: WebhookInput, allowance: Allowance): CheckedWebhook {
  const problems: Problem[] = [];
  const name = input.name.trim();
  if (name === "" || name.length > MAX_NAME_CHARACTERS) {
    problems.push({ path: "name", message: `must have 1 to ${MAX_NAME_CHARACTERS} characters` });
  }
  const url = readUrl(input.url, allowance, problems);
  const subscribedEvents = readEvents(input.subscribedEvents, problems);
  if (problems.length > 0) throw refusedWebhook(problems);
  return { name, url, subscribedEvents, includeValues: input.includeValues };
}

/** The error for a webhook that cannot be as it was asked for. */
export function refusedWebhook(problems: readonly Problem[]): AppError {
  const list = problems.map(({ path, message }) => `${path} ${message}`).join("; ");
  return new AppError("invalid", `The webhook cannot be stored: ${list}.`, { details: problems });
}

function readUrl(given: string, allowance: Allowance, problems: Problem[]): string {
  const url = URL.canParse(given) && given.length <= MAX_URL_CHARACTERS ? new URL(given) : undefined;
  const message = url ? refusalOfUrl(url, allowance) : "must be an address such as https://example.com/hooks/passes";
  if (message !== undefined) problems.push({ path: "url", message });
  if (url) url.hash = ""; // Never sent.
  return url?.href ?? "";
}

function readEvents(given: readonly string[], problems: Problem[]): EventType[] {
  const known = [...new Set(given)].filter((type): type is EventType => {
    if ((KNOWN_EVENT_TYPES as readonly string[]).includes(type)) return true;
    const hint = didYouMean(type, KNOWN_EVENT_TYPES);
    problems.push({ path: "subscribedEvents", message: `holds "${type}", which is never sent${hint}` });
    return false;
  });
  if (given.length === 0) {
    problems.push({ path: "subscribedEvents", message: `must hold at least one of ${KNOWN_EVENT_TYPES.join(", ")}` });
  }
  return known;
}
