import type { WholePass } from "../passes/whole-pass.ts";
import { personalizationJson } from "./personalization-json.ts";

/** `personalization.json`, as long as the customer has not signed up; nothing after that (Apple demands it gone). */
export function personalizationFile({ pass, template }: WholePass): ReadonlyMap<string, Buffer> {
  const { personalization } = template.definition;
  if (!personalization || pass.personalizedAt !== null) return new Map();
  return new Map([["personalization.json", Buffer.from(JSON.stringify(personalizationJson(personalization)))]]);
}
