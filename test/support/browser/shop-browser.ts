import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { Role } from "../../../src/admins/role.ts";
import { PASSWORD } from "../admin-browser.ts";
import { serverCredentials } from "../apns/certificates.ts";
import { PUBLIC_URL, type TestApp } from "../app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watch } from "./watched-page.ts";

/** A browser that finds a test app at its public address, over https, and nothing else. */
export interface ShopBrowser extends AsyncDisposable {
  /** A new window of somebody who has no cookies; what its pages complain of is gathered. */
  open(options?: BrowserContextOptions): Promise<WatchedPage>;
  /** A new window in which a new admin of that role has signed in, on the overview. */
  signedIn(role: Role, options?: BrowserContextOptions): Promise<WatchedPage>;
}

/** Above what any step takes on a busy machine; a step that fails is not waited for longer than a test may take. */
const PATIENCE_MS = 15_000;

export const WIDE = { width: 1440, height: 900 };
export const TABLET = { width: 820, height: 1180 };
export const PHONE = { width: 390, height: 844 };

export async function browse(shop: TestApp): Promise<ShopBrowser> {
  const { hostname } = new URL(PUBLIC_URL);
  const { certificatePem: cert, privateKeyPem: key } = serverCredentials(hostname);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { cert, key },
    fetch: (request) => shop.app.http.handle(request),
  });
  const browser = await launchChromium({ host: { name: hostname, port: server.port ?? 0 } });
  let admins = 0;

  async function open(options: BrowserContextOptions = {}): Promise<WatchedPage> {
    return watch(await newPage(browser, { baseURL: PUBLIC_URL, ...options }));
  }
  return {
    open,
    async signedIn(role, options) {
      const email = `${role}${++admins}@shop.example`;
      await shop.app.access.admins.create({ email, password: PASSWORD, role });
      const watched = await open(options);
      await signIn(watched.page, email);
      return watched;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await server.stop(true);
    },
  };
}

/** A window of its own. The certificate of the test's server is nobody's. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: WIDE, ignoreHTTPSErrors: true, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  return context.newPage();
}

/** On any page that asks to sign in, or from nowhere; resolves on the page behind it. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  if (!page.url().includes("/admin/sign-in")) await page.goto("/admin/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/admin/sign-in");
}
