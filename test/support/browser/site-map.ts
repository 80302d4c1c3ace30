import type { Page } from "playwright-core";
import type { TestApp } from "../app.ts";

/** The routes of pages below an account: what can be asked for, and is not where a form is sent to. */
export function pageRoutes({ app }: TestApp): string[] {
  const routesOf = (method: string) =>
    app.http.routes
      .filter((route) => route.method === method && route.path.startsWith("/admin/:account"))
      .map(({ path }) => path);
  const actions = new Set(routesOf("POST"));
  return routesOf("GET").filter((path) => !actions.has(path));
}

/**
 * Follows links from a page as a visitor could, and answers one address for each route that it comes by. `files` are
 * routes that answer no page.
 */
export async function siteMap(
  page: Page,
  from: string,
  { routes, files }: { readonly routes: readonly string[]; readonly files: readonly string[] },
): Promise<Map<string, string>> {
  const patterns = routes.map((route) => [route, new RegExp(`^${route.replace(/:\w+/g, "[^/]+")}$`)] as const);
  // The exact ones first: `/new` is no `/:id`.
  patterns.sort(([a], [b]) => a.split(":").length - b.split(":").length);
  const routeOf = (url: string) => patterns.find(([, pattern]) => pattern.test(new URL(url).pathname))?.[0];

  const known = new Map<string, string>();
  const toVisit = [from];
  for (let next = toVisit.shift(); next !== undefined; next = toVisit.shift()) {
    await page.goto(next);
    const links = await page.$$eval("a[href]", (all) => all.map((link) => (link as HTMLAnchorElement).href));
    for (const link of [page.url(), ...links]) {
      const route = routeOf(link);
      if (
        route === undefined ||
        files.includes(route) ||
        known.has(route) ||
        new URL(link).origin !== new URL(from).origin
      )
        continue;
      known.set(route, link);
      if (link !== page.url()) toVisit.push(link);
    }
  }
  return known;
}
