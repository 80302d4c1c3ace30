/** Draws the pictures of README.md, `docs/images/`, in the browser of the tests; `npm run draw-pictures`. */
import { mkdirSync } from "node:fs";
import { PNG } from "pngjs";
import { startTestApp } from "../test/support/app.ts";
import { browse } from "../test/support/browser/shop-browser.ts";
import { SAFARI_MAC } from "../test/support/user-agents.ts";

const FOLDER = new URL("../docs/images/", import.meta.url).pathname;
mkdirSync(FOLDER, { recursive: true });

await using shop = await startTestApp();
await using browser = await browse(shop);
const passTemplate = await shop.pushGallery("points-card");
const { serialNumber } = await shop.issue({
  passTemplate,
  pass: { "member-name": "Sarah Miller", "points-balance": "70", "member-level": "Regular" },
  recipient: { email: "sarah@example.com" },
});
await using visitor = await browser.open({ viewport: { width: 1200, height: 580 }, userAgent: SAFARI_MAC });
await visitor.page.goto(`/p/${serialNumber}`);
// With a certificate from Apple it is not there.
await visitor.page.locator(".demo").evaluate((notice) => notice.remove());
await keep("landing-page", await visitor.page.screenshot());

await using owner = await browser.signedIn("owner", { viewport: { width: 1360, height: 720 } });
await owner.page.goto(`/admin/${shop.accountId}/templates/${passTemplate}/design`);
await keep("designer", await owner.page.screenshot());

async function keep(name: string, picture: Uint8Array): Promise<void> {
  // The smallest for pages, of all filters and strategies.
  const options = { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 2 } as const;
  const smaller = PNG.sync.write(PNG.sync.read(Buffer.from(picture)), options);
  await Bun.write(`${FOLDER}${name}.png`, smaller);
  console.log(`${name}.png: ${Math.ceil(smaller.length / 1024)} KB`);
}
