import { expect, test } from "bun:test";
import { LINT_DOC, lintDocument } from "../scripts/lint-docs.ts";

/** Without the padding of tables, which is the formatter's. */
const squeezed = (text: string) => text.replace(/ {2,}/g, " ").replace(/-{3,}/g, "---");

test("docs/lint.md is what scripts/lint-docs.ts writes", async () => {
  expect(squeezed(await Bun.file(LINT_DOC).text())).toBe(squeezed(lintDocument()));
});
