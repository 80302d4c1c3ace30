import { SCOPE_OF } from "../../src/klaviyo/scopes.ts";
import { EVENT, PROFILE } from "./connected-shop.ts";
import type { Fault } from "./klaviyo/fake-klaviyo.ts";
import type { KlaviyoShop } from "./klaviyo-shop.ts";

export const RECORD = "/api/data-source-record-create-jobs";

/** The three things that Klaviyo is told of a pass, in this order. */
export const TOLD = [
  { what: "profile", path: PROFILE, kind: "klaviyo.profile", scope: SCOPE_OF.profile },
  { what: "event", path: EVENT, kind: "klaviyo.event", scope: SCOPE_OF.event },
  { what: "record", path: RECORD, kind: "klaviyo.record", scope: SCOPE_OF.record },
] as const;
export type Told = (typeof TOLD)[number];

/**
 * What becomes of the job: `again` = tried again by itself, one attempt used; `dead` = kept until a person has it run
 * again; `throttled` = the whole account waits; `blocked kind`, `blocked account` = all of it waits for a person, with an
 * alarm; `done` = nothing was wrong.
 */
export type Fate = "again" | "dead" | "throttled" | "blocked kind" | "blocked account" | "done";

export interface Trouble {
  readonly name: string;
  readonly fault: Fault;
  readonly fate: Fate;
  /** What the job says, and the alarm where there is one: Klaviyo's own words, and what to do. */
  readonly says: string;
}

const refusal = {
  errors: [{ status: 400, title: "Invalid input.", detail: "No.", source: { pointer: "/data/attributes/x" } }],
};

/** What Klaviyo and the way to it can answer to a request that tells of one pass. */
export const TROUBLES: readonly Trouble[] = [
  trouble("401", { status: 401 }, "blocked account", "401: Incorrect authentication credentials. (/data/)"),
  trouble("403", { status: 403 }, "blocked kind", "403: You do not have permission to perform this action. (/data/)"),
  trouble("400", { status: 400, body: JSON.stringify(refusal) }, "dead", "400: No. (/data/attributes/x)"),
  trouble("404", { status: 404 }, "dead", "404: Not found. (/data/)"),
  trouble("409 that names no profile", { status: 409 }, "dead", "409: A profile already exists with one of these"),
  trouble("413", { status: 413 }, "dead", "413: The request body must not exceed 5000000 bytes. (/data)"),
  trouble("415", { status: 415 }, "dead", "415: Unsupported media type"),
  trouble("429 for a minute", { status: 429, retryAfterSeconds: 60 }, "throttled", "429: Request was throttled."),
  trouble(
    "429 without Retry-After",
    { status: 429, retryAfterSeconds: null },
    "throttled",
    "429: Request was throttled.",
  ),
  trouble("500", { status: 500 }, "again", "500: A server error occurred. (/data/)"),
  trouble("502 with a proxy's page", { status: 502, html: true }, "again", "Klaviyo answered 502"),
  trouble("503", { status: 503 }, "again", "503: A server error occurred. (/data/)"),
  trouble("504", { status: 504, html: true }, "again", "Klaviyo answered 504"),
  trouble("524, not done", { status: 524, html: true }, "again", "Klaviyo answered 524"),
  trouble("524, and it was done", { status: 524, isApplied: true }, "again", "Klaviyo answered 524"),
  trouble(
    "a reset before it was done",
    { kind: "reset-before" },
    "again",
    "The socket connection was closed unexpectedly.",
  ),
  trouble(
    "a reset after it was done",
    { kind: "reset-after" },
    "again",
    "The socket connection was closed unexpectedly.",
  ),
  trouble("half an answer", { kind: "truncated" }, "again", "Klaviyo could not be reached:"),
  trouble("an answer that is no JSON", { kind: "not-json" }, "again", "Klaviyo answered 201 without a profile."),
];

function trouble(name: string, fault: Fault, fate: Fate, says: string): Trouble {
  return { name, fault, fate, says };
}

/** The same trouble is not the same for all that is told. */
export function fateOf({ name, fate }: Trouble, { what }: Told): Fate {
  // The answers to events and records are empty: whatever comes with 2xx, Klaviyo has them. 204 never has a body.
  if (name === "an answer that is no JSON" && what !== "profile") return "done";
  if (name === "half an answer" && what === "record") return "done";
  // The profile's id was learned from its own answer; where that is gone, the email address leads to the profile.
  if (name === "404" && what === "event") return "done";
  return fate;
}

/** What a person does who has read what there is to read. */
export async function putRight(here: KlaviyoShop): Promise<void> {
  const { app, accountId } = here.current;
  here.klaviyo.clearFaults();
  here.klaviyo.acceptKey(here.klaviyo.apiKey);
  here.klaviyo.restoreScopes();
  await app.outbox.redrive({ accountId: accountId }, here.clock.now());
  await here.during(() => app.connections.connect(accountId, here.klaviyo.apiKey));
}
