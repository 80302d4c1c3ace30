import { boardingUrls, eventUrls } from "../../format/urls.ts";
import type { Problem } from "../finding.ts";
import type { PassInput } from "../pass-input.ts";
import { passRule } from "../rule.ts";

const POSTER_KEYS = [
  "auxiliaryStoreIdentifiers",
  "footerBackgroundColor",
  "suppressHeaderDarkening",
  "useAutomaticColors",
  "eventLogoText",
];

/** Which of the newer looks a key is for. */
const NEEDED_SCHEMES = new Map<string, string[]>();
for (const key of [...Object.keys(eventUrls), ...POSTER_KEYS]) NEEDED_SCHEMES.set(key, ["posterEventTicket"]);
for (const key of Object.keys(boardingUrls)) {
  NEEDED_SCHEMES.set(key, [...(NEEDED_SCHEMES.get(key) ?? []), "semanticBoardingPass"]);
}

/** Keys that are right by themselves and do nothing where they stand. */
export const withoutEffect = passRule({
  id: "APL106",
  severity: "warning",
  summary:
    "a key without effect in this place, such as textAlignment in a primary field or event URLs without the poster look",
  effect: "silently ignored",
  mark: "documented",
  *check(input) {
    yield* onFields(input);
    yield* onPass(input);
  },
});

function* onFields({ fields, shape }: PassInput): Iterable<Problem> {
  for (const { field, path, group, style } of fields) {
    if (field["textAlignment"] !== undefined && (group === "primaryFields" || group === "backFields")) {
      yield { path: `${path}.textAlignment`, message: "does nothing in primary and back fields; leave it out" };
    }
    if (field["dataDetectorTypes"] !== undefined && group !== "backFields") {
      yield { path: `${path}.dataDetectorTypes`, message: "only works in backFields; leave it out" };
    }
    if (field["row"] !== undefined && (style !== "eventTicket" || group !== "auxiliaryFields")) {
      yield { path: `${path}.row`, message: "only works in auxiliaryFields of an eventTicket; leave it out" };
    }
  }
  for (const { path } of shape.get("APL106") ?? []) yield { path, message: "must be 0 or 1" };
}

function* onPass({ pass, styles, scheme }: PassInput): Iterable<Problem> {
  for (const key of Object.keys(pass)) {
    const needed = NEEDED_SCHEMES.get(key);
    if (needed && !needed.includes(scheme ?? "")) {
      yield {
        path: `pass.${key}`,
        message: `only works with "preferredStyleSchemes": ["${needed.join('" or "')}", …]`,
      };
    }
  }
  const groups = styles.some(({ name }) => name === "boardingPass" || name === "eventTicket");
  if (pass["groupingIdentifier"] !== undefined && !groups) {
    yield { path: "pass.groupingIdentifier", message: "only works on boarding passes and event tickets; leave it out" };
  }
  if (pass["appLaunchURL"] !== undefined && pass["associatedStoreIdentifiers"] === undefined) {
    yield { path: "pass.appLaunchURL", message: "does nothing without associatedStoreIdentifiers; name the app there" };
  }
}
