import type { RateLimit } from "../../http/rate-limit.ts";
import { createAdminSite, type AdminSiteDependencies } from "./admin-site.ts";
import { createCookies } from "./cookies.ts";
import { adminPages, type PageDependencies } from "./pages.ts";
import { adminRoutes } from "./admin-routes.ts";
import { createSignIn } from "./sign-in.ts";

export interface AdminDependencies extends Omit<AdminSiteDependencies, "cookies">, Omit<PageDependencies, "limits"> {
  /** Whether browsers reach this server by https. */
  readonly https: boolean;
  readonly limits: { readonly address: RateLimit; readonly account: RateLimit };
}

/** The admin site as one plugin. */
export function admin({ https, limits, ...parts }: AdminDependencies) {
  const cookies = createCookies(https);
  return adminRoutes({
    site: createAdminSite({ ...parts, cookies }),
    signIn: createSignIn({ ...parts, cookies, limits }),
    pages: adminPages({ ...parts, passwordAttempts: limits.account }),
  });
}
