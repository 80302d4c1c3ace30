import { describe, expect, test } from "bun:test";
import { lintPass } from "../src/apple/lint/lint-pass.ts";
import { RULES } from "../src/apple/lint/rules.ts";
import { BARCODE_CASES } from "./support/lint/barcode-cases.ts";
import type { RuleCase } from "./support/lint/cases.ts";
import { FIELD_CASES } from "./support/lint/field-cases.ts";
import { FILE_CASES } from "./support/lint/file-cases.ts";
import {
  card,
  changed,
  context,
  flight,
  generic,
  poster,
  posterTicket,
  ticket,
  withImages,
} from "./support/lint/passes.ts";
import { STYLE_CASES } from "./support/lint/style-cases.ts";
import { TOP_LEVEL_CASES } from "./support/lint/top-level-cases.ts";

const CASES = [...TOP_LEVEL_CASES, ...FIELD_CASES, ...BARCODE_CASES, ...FILE_CASES, ...STYLE_CASES];
const findings = (one: RuleCase) => lintPass(one.pass, context(one.context));

describe.each(CASES.map((cases) => [cases.id, cases] as const))("%s", (id, { bad, good }) => {
  const rule = RULES.find((one) => one.id === id);

  test.each(bad.map((one) => [one.at ?? "", one] as const))("finds %s", (at, one) => {
    const own = findings(one).filter((finding) => finding.id === id);
    const found = own.find(({ path }) => path === at);
    expect({ at: found?.path, all: own }).toMatchObject({ at });
    expect(found?.severity).toBe(one.severity ?? rule?.severity ?? "error");
    if (one.says) expect(found?.message).toContain(one.says);
  });

  test.each(good.map((one, i) => [i + 1, one] as const))("leaves a good pass alone (%i)", (_, one) => {
    expect(findings(one).filter((finding) => finding.id === id)).toEqual([]);
  });
});

test("every rule on passes has a case on either side, and identifiers are in order and never twice", () => {
  const ids = RULES.map(({ id }) => id);
  expect([...new Set(ids)].sort()).toEqual(ids);
  const covered = CASES.filter(({ bad, good }) => bad.length > 0 && good.length > 0).map(({ id }) => id);
  expect(RULES.filter(({ on, id }) => on === "pass" && !covered.includes(id)).map(({ id }) => id)).toEqual([]);
});

test("good passes have no findings at all", () => {
  for (const pass of [card, generic, ticket, flight, poster]) expect(lintPass(pass, context())).toEqual([]);
  expect(lintPass(posterTicket, context(withImages({ "artwork.png": [358, 448] })))).toEqual([]);
});

test("what is no object is no pass", () => {
  for (const pass of [null, [], "pass", 5, undefined]) {
    expect(lintPass(pass, context())).toEqual([
      expect.objectContaining({ id: "APL104", path: "pass", severity: "error" }),
    ]);
  }
});

test("one fault is reported by one rule", () => {
  const ids = (changes: Parameters<typeof changed>[1]) =>
    lintPass(changed(card, changes), context()).map(({ id }) => id);
  expect(ids({ "storeCard.transitType": "PKTransitTypeAir" })).toEqual(["APL201"]);
  expect(ids({ maxDistance: "5" })).toEqual(["APL308"]);
  expect(ids({ "storeCard.primaryFields.0.key": undefined })).toEqual(["APL202"]);
  expect(ids({ authenticationToken: "" })).toEqual(["APL109"]);
  expect(ids({ "semantics.seats": 5 })).toEqual(["APL501"]);
});

test("a pass with ten thousand faults does not fill the screen", () => {
  const fields = Array.from({ length: 10_000 }, () => ({ key: "same" }));
  const found = lintPass(changed(card, { "storeCard.backFields": fields }), context());
  expect(found.length).toBeLessThan(400);
  expect(found.some(({ message }) => message.includes("more of the same"))).toBe(true);
});
