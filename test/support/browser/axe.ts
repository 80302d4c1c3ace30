import axe from "axe-core";
import type { Page } from "playwright-core";

/**
 * What of the page as it is now keeps somebody out, of all that a program can find, or of one rule. Axe stands under the
 * MPL 2.0; it is used as it is and is no part of what is shipped.
 */
export async function barriersOf(page: Page, rule?: string): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (only) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ["violations"],
        ...(only === undefined ? {} : { runOnly: [only] }),
      }),
    rule,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, any }) => `${id} (${help}) at ${target.join(" ")}: ${any[0]?.message ?? ""}`),
    );
}
