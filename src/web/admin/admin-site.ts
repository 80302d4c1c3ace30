import type { Accounts } from "../../accounts/accounts.ts";
import type { AdminAccess } from "../../admins/admin-access.ts";
import { type Role, roleAllows, stricterRole } from "../../admins/role.ts";
import { ABSOLUTE_MS, type Browser } from "../../admins/sessions.ts";
import type { Clock } from "../../clock.ts";
import { AppError, messageOf } from "../../errors.ts";
import { assertSameOrigin } from "../../http/same-origin.ts";
import type { Log } from "../../log.ts";
import type { Vault } from "../../secrets.ts";
import type { AdminFile } from "./admin-file.ts";
import type { Action, AdminPage, Done, Download } from "./admin-page.ts";
import type { Cookies } from "./cookies.ts";
import { renderError } from "./errors.tsx";
import { openFlash, sealFlash } from "./flash.ts";
import type { RefusedAction } from "./form-state.ts";
import { renderFramed } from "./frame.tsx";
import { downloadAnswer, eventStream, fileAnswer, htmlAnswer, redirect } from "./html-answer.ts";
import type { LiveStreams } from "./live-streams.ts";
import { readForm } from "./sent-form.ts";
import { createVisit, fillPath, type Visit, type VisitFacts } from "./visit.ts";

export interface AdminSiteDependencies {
  readonly access: AdminAccess;
  readonly accounts: Accounts;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  readonly cookies: Cookies;
  readonly publicUrl: string;
  readonly statusOfError: (error: unknown) => number;
  readonly streams: LiveStreams;
}

/** A request for a page, apart from the framework. */
export interface PageCall {
  readonly request: Request;
  readonly browser: Browser;
  /** `account`, and what the page's path names. */
  readonly params: Readonly<Record<string, string>>;
}

/** Accounts that the switcher offers. */
const MAX_SWITCHED = 200;
const MAX_FORM_BYTES = 64 * 1024;
/** What somebody can do something about at the form itself. */
const AT_THE_FORM: readonly string[] = ["invalid", "not_found", "conflict", "gone", "rate_limited", "unavailable"];

/** Shows pages to those who are signed in and may see them, and does what their forms ask for. */
export function createAdminSite(deps: AdminSiteDependencies) {
  const { access, accounts, vault, clock, log, cookies, publicUrl, statusOfError, streams } = deps;

  async function answer(
    { request, browser, params: { account: accountId = "", ...params } }: PageCall,
    path: string,
    role: Role,
    work: (facts: VisitFacts) => Promise<Response>,
    findSession = access.sessions.find,
  ): Promise<Response> {
    let visit: Visit | undefined;
    try {
      const { pathname, search, searchParams: query } = new URL(request.url);
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (!isRead) assertSameOrigin(request, publicUrl);
      const sent = cookies.read(request);
      const signedIn = sent.session === undefined ? undefined : await findSession(sent.session);
      if (!signedIn) {
        // A form is not sent again by itself: whoever signs in finds its page.
        return redirect(signInUrl(isRead ? pathname + search : fillPath(`/admin/${accountId}${path}`, params)));
      }
      const [first, { items }] = await Promise.all([
        accounts.resolve(undefined),
        accounts.list({ limit: MAX_SWITCHED }),
      ]);
      const facts = { ...signedIn, browser, accounts: items, params, query, path, now: clock.now() };
      // Also an error is shown in the frame.
      visit = createVisit({ ...facts, account: first, flash: undefined });
      if (isRead && !accountId.startsWith("aid_")) {
        return redirect(`/admin/${first.id}${pathname.slice("/admin".length)}${search}`);
      }
      const account = await accounts.resolve(accountId);
      const { admin } = signedIn;
      if (!roleAllows(admin.role, role)) throw mayNot(admin.role, role);
      return await work({ ...facts, account, flash: openFlash(vault, admin.id, sent.flash) });
    } catch (error) {
      const status = statusOfError(error);
      if (status === 500) log.error("An admin page failed unexpectedly.", { path, error: messageOf(error) });
      return htmlAnswer(renderError(error, visit), status);
    }
  }

  async function render(page: AdminPage, facts: VisitFacts, refused?: RefusedAction): Promise<Response> {
    const visit = createVisit(facts, refused);
    const { title, body, style } = await page.show(visit);
    const problem = refused?.error.message;
    const html = renderFramed({ visit, section: page.section, title, style, problem, children: body });
    const status = refused ? statusOfError(refused.error) : 200;
    return htmlAnswer(html, status, facts.flash ? [cookies.clearFlash()] : [], style);
  }

  function follow({ to, notice, once, session }: Done, { admin, account, params, path }: VisitFacts): Response {
    const set = session ? [cookies.setSession(session.token, ABSOLUTE_MS)] : [];
    if (notice !== undefined || once !== undefined)
      set.push(cookies.setFlash(sealFlash(vault, admin.id, { notice, once })));
    return redirect(`/admin/${account.id}${to ?? fillPath(path, params)}`, set);
  }

  /** What the page of a visitor would show now, as long as they are signed in and may see it. */
  const lookAgain =
    (page: AdminPage, { request }: PageCall, facts: VisitFacts) =>
    async () => {
      const signedIn = await access.sessions.peek(cookies.read(request).session ?? "");
      if (!signedIn || !roleAllows(signedIn.admin.role, page.role)) return undefined;
      return page.state?.(createVisit({ ...facts, admin: signedIn.admin, now: clock.now() }));
    };

  return {
    /** Tells as server-sent events when the page would look otherwise. Following is no visit: it keeps no session alive. */
    stream: (page: AdminPage, call: PageCall): Promise<Response> =>
      answer(
        call,
        page.path,
        page.role,
        async (facts) => {
          const seen = facts.query.get("seen") ?? "";
          return eventStream(streams.open({ seen, look: lookAgain(page, call, facts) }));
        },
        access.sessions.peek,
      ),

    show: (page: AdminPage, call: PageCall): Promise<Response> =>
      answer(call, page.path, page.role, (facts) => render(page, facts)),

    act: (page: AdminPage, name: string, action: Action, call: PageCall): Promise<Response> =>
      // Where it is refused, the page is shown.
      answer(call, page.path, stricterRole(page.role, action.role), async (facts) => {
        const form = await readForm(call.request, action.maxBytes ?? MAX_FORM_BYTES);
        try {
          return follow(await action.perform(createVisit(facts), form), facts);
        } catch (error) {
          if (!(error instanceof AppError && AT_THE_FORM.includes(error.code))) throw error;
          return render(page, facts, { action: name, form, error });
        }
      }),

    download: (page: AdminPage, download: Download, call: PageCall): Promise<Response> =>
      answer(call, page.path, download.role, async (facts) =>
        downloadAnswer(await download.load(createVisit(facts, undefined))),
      ),

    send: (file: AdminFile, call: PageCall): Promise<Response> =>
      answer(call, file.path, file.role, async (facts) => fileAnswer(await file.load(createVisit(facts, undefined)))),

    /** What is at no page's address: the same without an account leads to the first account's; else there is nothing. */
    miss: (call: PageCall): Promise<Response> =>
      answer(call, "", "viewer", async () => {
        throw new AppError("not_found", "There is no page at this address.");
      }),
  };
}

export type AdminSite = ReturnType<typeof createAdminSite>;

const signInUrl = (next: string): string => `/admin/sign-in?${new URLSearchParams({ next })}`;

const mayNot = (role: Role, needed: Role): AppError =>
  new AppError(
    "forbidden",
    `You are ${role === "viewer" ? "a viewer" : "an editor"}; this takes ${needed === "owner" ? "an owner" : "an editor"}. Ask an owner for it.`,
  );
