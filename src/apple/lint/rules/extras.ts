import { MAX_REMOTE_IMAGE_BYTES } from "../../format/upcoming.ts";
import type { Problem } from "../finding.ts";
import { objectsIn } from "../pass-input.ts";
import { passRule } from "../rule.ts";
import { expected, mismatch } from "../shape.ts";
import { show } from "../words.ts";

/** Wallet has room for two buttons of its own making. */
export const featuredActions = passRule({
  id: "APL507",
  severity: "warning",
  summary: "more than 2 featured actions, a repeated identifier, an unknown type, no url",
  effect: "action not shown",
  mark: "documented",
  *check({ pass, shape }) {
    for (const { path, fault, schema, value } of shape.get("APL507") ?? []) {
      if (Array.isArray(value)) yield { path, message: `has ${value.length} actions; Wallet shows the first 2` };
      else if (fault === "missing") yield { path, message: "is missing; the action is not shown without it" };
      else if (path.endsWith(".url")) yield { path, message: `is not an absolute address: ${show(value)}` };
      else yield { path, message: `${show(value)} is not known; it is ${expected(schema)}` };
    }
    yield* repeated(objectsIn(pass["featuredActions"], "pass.featuredActions"));
  },
});

/** An entry is told from others by its identifier. */
export const upcomingEntries = passRule({
  id: "APL508",
  severity: "error",
  summary: "upcoming entry without identifier, name or type event, or with a repeated identifier",
  effect: "entry lost",
  mark: "documented",
  *check({ pass, shape }) {
    for (const problem of shape.get("APL508") ?? []) {
      const { path, fault, value } = problem;
      if (fault === "missing")
        yield { path, message: `is ${value === "" ? "empty" : "missing"}; the entry is lost without it` };
      else yield { path, message: mismatch(problem) };
    }
    yield* repeated(objectsIn(pass["upcomingPassInformation"], "pass.upcomingPassInformation"));
  },
});

function* repeated(entries: ReturnType<typeof objectsIn>): Iterable<Problem> {
  const seen = new Set<unknown>();
  for (const { value, path } of entries) {
    const { identifier } = value;
    if (identifier === undefined) continue;
    if (seen.has(identifier))
      yield { path: `${path}.identifier`, message: `${show(identifier)} is used twice; every entry needs its own` };
    seen.add(identifier);
  }
}

/** The list of events opens from an entry's details; its pictures are loaded by the phone. */
export const upcomingDetails = passRule({
  id: "APL509",
  severity: "warning",
  summary: "upcoming entry without backFields; remote image not https, over 2 MB or without SHA256",
  effect: "list or image not shown",
  mark: "community",
  *check({ pass, shape }) {
    for (const { path, fault, value } of shape.get("APL509") ?? []) {
      if (fault === "missing") yield { path, message: "is missing; the image is not loaded without it" };
      else if (typeof value === "number")
        yield { path, message: `is over ${MAX_REMOTE_IMAGE_BYTES} bytes; make the image smaller` };
      else yield { path, message: `must begin with https://: ${show(value)}` };
    }
    for (const { value, path } of objectsIn(pass["upcomingPassInformation"], "pass.upcomingPassInformation")) {
      const fields = value["backFields"];
      if (!Array.isArray(fields) || fields.length === 0) {
        yield { path: `${path}.backFields`, message: "is missing: the list of events is not shown without it" };
      }
    }
  },
});
