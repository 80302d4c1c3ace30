import type { KlaviyoAnswer, KlaviyoClient, KlaviyoRequest } from "./client.ts";
import type { LimitFamily } from "./limits.ts";

/** A right of a private key. Klaviyo fixes them when the key is made. */
export interface Scope {
  readonly name: string;
  /** What Passhook does with it, in plain words. */
  readonly neededFor: string;
  /** Without it passes are not written back at all. */
  readonly required: boolean;
}

interface ProbedScope extends Scope {
  /** None for the scope that the check of the key has tried: Klaviyo allows that request once a second. */
  readonly probe: KlaviyoRequest | null;
}

const get = (path: string): KlaviyoRequest => ({ method: "GET", path });
/** A body that says nothing, so that it cannot change anything. */
const postNothing = (path: string): KlaviyoRequest => ({ method: "POST", path, body: {} });

const PROBED_SCOPES: readonly ProbedScope[] = [
  {
    name: "profiles:write",
    neededFor: "writing the serial number, link and state of a pass to its profile",
    required: true,
    probe: postNothing("/api/profile-import"),
  },
  {
    name: "events:write",
    neededFor: "events such as Pass Installed, which start flows",
    required: true,
    probe: postNothing("/api/events"),
  },
  {
    name: "accounts:read",
    neededFor: "showing which Klaviyo account a key belongs to, and noticing when it is another one",
    required: false,
    probe: null,
  },
  {
    name: "profiles:read",
    neededFor: "seeing what became of profiles that were sent in bulk",
    required: false,
    probe: get("/api/profiles?page%5Bsize%5D=1&fields%5Bprofile%5D=created"),
  },
  {
    name: "lists:write",
    neededFor: "sending many profiles in one request when there is a backlog",
    required: false,
    probe: postNothing("/api/profile-bulk-import-jobs"),
  },
  {
    name: "lists:read",
    neededFor: "seeing what became of profiles that were sent in bulk",
    required: false,
    probe: get("/api/profile-bulk-import-jobs/none"),
  },
  {
    name: "custom-objects:read",
    neededFor: "the custom object WalletPass: its set-up, and seeing which records Klaviyo did not take",
    required: false,
    probe: get("/api/data-sources?page%5Bsize%5D=1"),
  },
  {
    name: "custom-objects:write",
    neededFor: "the custom object WalletPass: its set-up, and a record of each pass",
    required: false,
    probe: postNothing("/api/data-sources"),
  },
  {
    name: "data-privacy:write",
    neededFor: "passing a person's wish to be forgotten on to Klaviyo",
    required: false,
    probe: postNothing("/api/data-privacy-deletion-jobs"),
  },
];

/** What to tick in Klaviyo when the key is made, the indispensable first. */
export const SCOPES: readonly Scope[] = PROBED_SCOPES.map(({ probe: _, ...scope }) => scope);

/** The scope without which Klaviyo refuses a family of operations; imports need profiles:write besides. */
export const SCOPE_OF: Readonly<Record<LimitFamily, string>> = {
  profile: "profiles:write",
  event: "events:write",
  record: "custom-objects:write",
  profileImport: "lists:write",
  profileImportJob: "lists:read",
  profileImportErrors: "profiles:read",
  eventBulk: "events:write",
  recordBulk: "custom-objects:write",
  ingestionLog: "custom-objects:read",
  deletion: "data-privacy:write",
};

export interface ScopeReport {
  readonly missing: readonly Scope[];
  /** Those that could not be asked for now. */
  readonly unknown: readonly string[];
}

/** Whether the check of the key could tell whose it is. */
export interface ReadableAccount {
  readonly canReadAccount: boolean;
}

/**
 * Which scopes a key lacks, without writing anything: a reading scope is tried with a small read, a writing one with an
 * empty body. That Klaviyo answers 403 without the scope and 400 with it, in this order, is inferred from how it answers
 * elsewhere; should it look at the body first, a missing scope goes unnoticed here and shows as an alarm later.
 */
export async function probeScopes(
  client: KlaviyoClient,
  apiKey: string,
  { canReadAccount }: ReadableAccount,
): Promise<ScopeReport> {
  const answers = await Promise.all(
    PROBED_SCOPES.map(async ({ probe, ...scope }) => {
      if (probe === null) return { scope, verdict: canReadAccount ? "there" : "missing" };
      return { scope, verdict: verdictOf(await client(apiKey, probe)) };
    }),
  );
  const lacks = new Set(answers.filter(({ verdict }) => verdict === "missing").map(({ scope }) => scope.name));
  return {
    missing: answers
      .map(({ scope }) => scope)
      .filter(({ name }) => lacks.has(name) && !(IMPLIED_BY[name] ?? []).some((other) => lacks.has(other))),
    unknown: answers.filter(({ verdict }) => verdict === "unknown").map(({ scope }) => scope.name),
  };
}

/** Bulk imports need two scopes each: where the other one is missing, their refusal says nothing of lists. */
const IMPLIED_BY: Readonly<Record<string, readonly string[]>> = {
  "lists:write": ["profiles:write"],
  "lists:read": ["profiles:read"],
};

function verdictOf(answer: KlaviyoAnswer): "there" | "missing" | "unknown" {
  if (answer.type === "unreachable") return "unknown";
  const { status } = answer;
  if (status === 403) return "missing";
  return status === 401 || status === 429 || status >= 500 ? "unknown" : "there";
}
