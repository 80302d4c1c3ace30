import { Elysia } from "elysia";
import type { Browser } from "../../admins/sessions.ts";
import { clientAddress } from "../../http/client-address.ts";
import { SLOW_READER_SECONDS } from "../../http/text-stream.ts";
import type { AdminFile } from "./admin-file.ts";
import { type AdminPage, LIVE } from "./admin-page.ts";
import type { AdminSite, PageCall } from "./admin-site.ts";
import { redirect } from "./html-answer.ts";
import type { SignIn } from "./sign-in.ts";

export interface AdminRouteDependencies {
  readonly site: AdminSite;
  readonly signIn: SignIn;
  readonly pages: readonly AdminPage[];
  readonly files: readonly AdminFile[];
}

interface Context {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly server: {
    requestIP(request: Request): { address: string } | null;
    timeout(request: Request, seconds: number): void;
  } | null;
}

/** `/admin`: pages for the people who run this server. Forms are read by hand, with a limit of their own. */
export function adminRoutes({ site, signIn, pages, files }: AdminRouteDependencies) {
  const byHand = { parse: "none" } as const;
  const app = new Elysia({ name: "admin" })
    .get("/admin/sign-in", ({ request }) => signIn.page(request))
    .post("/admin/sign-in", (context) => signIn.signIn(context.request, browserOf(context)), byHand)
    .post("/admin/sign-out", ({ request }) => signIn.signOut(request), byHand)
    .get("/admin/link/:token", ({ request, params }) => signIn.linkPage(request, params.token))
    .post(
      "/admin/link/:token",
      (context) => signIn.followLink(context.request, context.params.token, browserOf(context)),
      byHand,
    )
    .get("/admin", (context) => site.miss(strayOf(context)))
    .get("/admin/*", (context) => site.miss(strayOf(context)));
  for (const page of pages) {
    const address = `/admin/:account${page.path}`;
    app.get(address, (context) => site.show(page, callOf(context)));
    if (page.state) app.get(`${address}/${LIVE}`, (context) => site.stream(page, callOf(context)));
    for (const [name, download] of Object.entries(page.downloads)) {
      app.get(`${address}/${name}`, (context) => {
        context.server?.timeout(context.request, SLOW_READER_SECONDS);
        return site.download(page, download, callOf(context));
      });
    }
    for (const [name, action] of Object.entries(page.actions)) {
      app.post(`${address}/${name}`, (context) => site.act(page, name, action, callOf(context)), byHand);
      // Where a form was refused, its address is what the browser shows, and may load again.
      app.get(`${address}/${name}`, ({ request }) =>
        redirect(new URL(request.url).pathname.slice(0, -name.length - 1)),
      );
    }
  }
  for (const file of files) app.get(`/admin/:account${file.path}`, (context) => site.send(file, callOf(context)));
  return app;
}

const callOf = (context: Context): PageCall => ({
  request: context.request,
  browser: browserOf(context),
  params: context.params,
});

/** Of an address that no page has: what should be the account stands in it all the same. */
const strayOf = (context: Omit<Context, "params">): PageCall =>
  callOf({ ...context, params: { account: new URL(context.request.url).pathname.split("/")[2] ?? "" } });

function browserOf({ request, server }: Omit<Context, "params">): Browser {
  return {
    address: clientAddress(request, server?.requestIP(request)?.address),
    userAgent: request.headers.get("user-agent") ?? "",
  };
}
