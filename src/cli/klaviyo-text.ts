import { describeProblem } from "../errors.ts";
import type { Connected } from "../klaviyo/connections.ts";
import type { Scope, ScopeReport } from "../klaviyo/scopes.ts";
import type { Snippet } from "../klaviyo/snippet.ts";
import type { KlaviyoStatus } from "../klaviyo/status.ts";
import { facts } from "./output.ts";

/** A line of its own for each, aligned. */
export const scopeLines = (scopes: readonly Scope[]): string[] => {
  const width = Math.max(...scopes.map(({ name }) => name.length));
  return scopes.map(
    ({ name, neededFor, required }) => `  ${name.padEnd(width)}  ${neededFor}${required ? " (required)" : ""}`,
  );
};

export function connectedText(answer: Connected & { readonly scopes: ScopeReport | null }): string {
  const { klaviyoAccountId, organizationName, mode, previousMode, previousKlaviyoAccountId, scopes } = answer;
  const lines = [
    facts([
      ["connected to", organizationName ?? "Klaviyo (the key cannot read the account's name)"],
      ["Klaviyo account", answer.canReadAccount ? klaviyoAccountId : null],
      ["mode", mode],
      ["share of the limits", `${answer.sharePercent} %`],
    ]),
    ...missingScopes(scopes),
  ];
  if (previousKlaviyoAccountId !== null) {
    lines.push(
      "",
      `This is another Klaviyo account than before (${previousKlaviyoAccountId}), which knows nothing of your passes yet:`,
      "  passhook klaviyo setup    makes the custom object there",
      "  passhook klaviyo resync   tells it of the passes that were issued",
    );
  } else if (previousMode === "sandbox") {
    lines.push("", "Passes issued so far are not in Klaviyo. To send them: passhook klaviyo resync");
  }
  return lines.join("\n");
}

function missingScopes(scopes: ScopeReport | null): string[] {
  if (!scopes) return [];
  const lines: string[] = [];
  if (scopes.missing.length > 0) lines.push("", "Scopes that the key lacks:", ...scopeLines(scopes.missing));
  if (scopes.missing.length > 0) lines.push("  To add one, make a new key in Klaviyo and connect again.");
  if (scopes.unknown.length > 0) lines.push("", `Scopes that could not be checked now: ${scopes.unknown.join(", ")}`);
  return lines;
}

const MODES: Readonly<Record<KlaviyoStatus["mode"], string>> = {
  sandbox: "sandbox: requests are recorded, nothing is sent",
  live: "live",
  disconnected: "disconnected: there is no key, jobs wait. Go on with: passhook klaviyo connect --key-file FILE",
};

const OBJECTS: Readonly<Record<KlaviyoStatus["objects"]["state"], string>> = {
  none: "not set up (passhook klaviyo setup)",
  incomplete: "set-up not complete (passhook klaviyo setup)",
  active: "active",
  unavailable: "unavailable",
};

const laneLine = ({ kind, open, closedUntil, alarm, lastSuccessAt, lastErrorAt, lastError }: Lane): string =>
  [
    `${kind}: ${open ? "open" : `closed until ${closedUntil}`}`,
    alarm,
    lastSuccessAt && `last success ${lastSuccessAt}`,
    lastErrorAt && `last error ${lastErrorAt}: ${lastError}`,
  ]
    .filter(Boolean)
    .join(". ");

type Lane = KlaviyoStatus["lanes"][number];

export function statusText(status: KlaviyoStatus): string {
  const { lanes, objects, backlog, dead, resyncs, sandboxRequests } = status;
  return [
    facts([
      ["account", status.accountId],
      ["mode", MODES[status.mode]],
      ["Klaviyo account", status.klaviyoAccountId],
      ["organization", status.organizationName],
      ["key", keyText(status)],
      ["custom object", OBJECTS[objects.state] + (objects.note === null ? "" : `. ${objects.note}`)],
      ["share of the limits", status.mode === "live" ? `${status.sharePercent} %` : null],
    ]),
    ...missingScopes(status.scopes),
    ...section("Lanes:", lanes.map(laneLine)),
    ...section(
      "Jobs:",
      backlog.map(({ kind, state, jobs }) => `${kind}: ${jobs} ${state}`),
    ),
    ...(status.oldestWaitingSince === null ? [] : [`  the oldest since ${status.oldestWaitingSince}`]),
    ...section("Resyncs:", resyncs.map(resyncLine)),
    ...section(
      "Dead jobs, the last ones first (passhook outbox list --state dead):",
      dead.map(({ id, kind, serial, error }) => `${id} ${kind} of ${serial}: ${error ?? "no reason kept"}`),
    ),
    ...section("Limits, Klaviyo's and our part of them:", status.mode === "live" ? limitLines(status) : []),
    ...section(
      "Last requests that were recorded, not sent:",
      sandboxRequests.flatMap(({ at, method, path, body, problems }) => [
        `${at}  ${method} ${path}`,
        `  ${JSON.stringify(body)}`,
        ...problems.map((problem) => `  Klaviyo would refuse it: ${describeProblem(problem)}`),
      ]),
    ),
  ].join("\n");
}

const section = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", heading, ...lines.map((line) => `  ${line}`)];

function keyText({ key }: KlaviyoStatus): string | null {
  if (key === null) return null;
  return key.state === "valid" ? "valid" : `${key.state}: ${key.reason}`;
}

const resyncLine = ({ template, since, recordsOnly, done, passes }: KlaviyoStatus["resyncs"][number]): string =>
  [
    `${done} of ${passes} passes are queued`,
    recordsOnly ? "records only" : "",
    template === null ? "" : `template ${template}`,
    since === null ? "" : `since ${since}`,
  ]
    .filter((part) => part !== "")
    .join(", ");

const limitLines = ({ limits }: KlaviyoStatus): string[] => {
  const width = Math.max(...limits.map(({ family }) => family.length));
  return limits.map(
    ({ family, published, ours }) =>
      `${family.padEnd(width)}  ${ours.perSecond} of ${published.perSecond} per second, ${ours.perMinute} of ${published.perMinute} per minute`,
  );
};

/** In the order of the form of Klaviyo's webhook action. */
export function snippetText({ action, template, url, headers, body, adapt, links, notes }: Snippet): string {
  const VERBS = { issue: "issues", update: "updates", void: "voids" } as const;
  return [
    `A webhook action that ${VERBS[action]} a pass of "${template.name}". In Klaviyo: Flows, your flow, Webhook.`,
    "",
    "1. Destination URL",
    url,
    "",
    "2. Headers",
    ...headers.map(({ name, value }) => `${name}: ${value}`),
    "",
    "3. JSON body",
    body,
    ...(adapt.length === 0 ? [] : ["", "4. Look these over"]),
    ...adapt.flatMap(({ field, tag, why }) => [`${field}: ${tag}`, `  ${why}`]),
    "",
    "The link for emails and texts",
    ...links.map(({ tag, when }) => `${tag}  (${when})`),
    "",
    ...notes.map((note) => `- ${note}`),
  ].join("\n");
}
