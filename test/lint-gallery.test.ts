import { describe, expect, test } from "bun:test";
import { filesContext } from "../src/apple/lint/lint-package.ts";
import { lintPass } from "../src/apple/lint/lint-pass.ts";
import { normalisePass } from "../src/apple/normalise.ts";
import { renderPassJson } from "../src/apple/pass-json.ts";
import { checkTemplate } from "../src/templates/check.ts";
import { fillFields, type GivenValue } from "../src/templates/fill.ts";
import { readGalleryTemplate } from "../src/templates/folder.ts";
import { GALLERY } from "../src/templates/gallery/index.ts";
import { built, findingsOf } from "./support/lint/packages.ts";
import { NOW } from "./support/lint/passes.ts";

const ISSUER = {
  passTypeIdentifier: "pass.com.example.card",
  teamIdentifier: "A1B2C3D4E5",
  organizationName: "Test shop",
  webServiceURL: "https://passes.example.com/passkit",
  authenticationToken: "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc",
};

describe.each(GALLERY.map((template) => [template.name, template] as const))("%s", (_, template) => {
  test.each([
    ["with its example values", true],
    ["without any value", false],
  ])("%s has no findings", async (_, filled) => {
    const source = await readGalleryTemplate(template);
    const checked = checkTemplate(source.definition, source.images);
    if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
    const { definition } = checked;
    const given = new Map<string, GivenValue>();
    for (const [name, { example }] of Object.entries(definition.fields)) {
      if (filled && example !== undefined) given.set(name, { kind: "text", text: String(example) });
    }
    const pass = renderPassJson(
      definition,
      {
        serial: "k3v9x2m7q1",
        url: "https://passes.example.com/p/k3v9x2m7q1",
        values: fillFields(definition, given).values,
        recipientName: filled ? "Sarah Miller" : null,
        recipientEmail: filled ? "sarah@example.com" : null,
        issuedAt: NOW,
        voided: false,
        expiredAt: null,
      },
      ISSUER,
    );
    expect(lintPass(pass, { now: NOW, ...filesContext(source.images) })).toEqual([]);
    expect(normalisePass(pass, definition.timeZone)).toEqual({ pass, findings: [] });
    expect(await findingsOf(await built({ pass, files: Object.fromEntries(source.images) }))).toEqual([]);
  });
});
