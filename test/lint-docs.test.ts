import { expect, test } from "bun:test";
import { LINT_DOC, lintDocument } from "../scripts/lint-docs.ts";

test("docs/lint.md is what scripts/lint-docs.ts writes", async () => {
  expect(await Bun.file(LINT_DOC).text()).toBe(lintDocument());
});
