import { describe, expect, test } from "bun:test";
import { startTestApp } from "../support/app.ts";
import { noChromium } from "../support/browser/chromium.ts";
import { differenceFromKept } from "../support/browser/pictures.ts";
import { browse } from "../support/browser/shop-browser.ts";
import { issueStyledPasses } from "../support/browser/styled-passes.ts";
import { SAFARI_MAC } from "../support/user-agents.ts";

/**
 * The drawing of a pass looks the same on every machine: browser and font come with the tests, time stands still, and the
 * width is fixed. A newer Chromium may draw letters anew; then all pictures are made again, and looked at.
 */
describe.skipIf(noChromium !== undefined)("a pass is drawn", () => {
  test("as it was, in every style", async () => {
    await using shop = await startTestApp();
    await using browser = await browse(shop);
    await using visitor = await browser.open({ viewport: { width: 360, height: 800 }, userAgent: SAFARI_MAC });
    const { page } = visitor;
    const differences: string[] = [];
    for (const { name, serial } of await issueStyledPasses(shop)) {
      await page.goto(`/p/${serial}`);
      const picture = await page.locator("#pass").screenshot({ animations: "disabled" });
      const difference = differenceFromKept(name, picture);
      if (difference !== undefined) differences.push(difference);
    }
    expect(differences).toEqual([]);
  });

  test("as large as there is room, with nothing outside and nothing over another", async () => {
    await using shop = await startTestApp();
    await using browser = await browse(shop);
    const passes = await issueStyledPasses(shop);
    await using visitor = await browser.open({ userAgent: SAFARI_MAC });
    const { page } = visitor;
    for (const width of [320, 390, 820, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      for (const { name, serial } of passes) {
        await page.goto(`/p/${serial}`);
        const faults = await page.evaluate(() => {
          const boxOf = (element: Element) => element.getBoundingClientRect();
          const card = document.querySelector(".pass-card");
          if (!card) return ["there is no pass"];
          const parts = [...card.querySelectorAll("dt, dd, .pass-code")].filter((part) => boxOf(part).width > 0);
          const outer = boxOf(card);
          const outside = parts.filter((part) => {
            const { left, right, top, bottom } = boxOf(part);
            return left < outer.left - 1 || right > outer.right + 1 || top < outer.top - 1 || bottom > outer.bottom + 1;
          });
          const over = parts.flatMap((one, i) =>
            parts.slice(i + 1).flatMap((other) => {
              const [a, b] = [boxOf(one), boxOf(other)];
              const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
              const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
              return wide > 2 && high > 4 ? [`${one.textContent} over ${other.textContent}`] : [];
            }),
          );
          return [...outside.map((part) => `${part.textContent} is outside`), ...over];
        });
        expect([width, name, faults]).toEqual([width, name, []]);
      }
    }
  });
});
