import type { AdminAccess } from "../../admins/admin-access.ts";
import { canonicalEmail } from "../../admins/email.ts";
import { ABSOLUTE_MS, type Browser, type StartedSession } from "../../admins/sessions.ts";
import { AppError, messageOf } from "../../errors.ts";
import type { RateLimit } from "../../http/rate-limit.ts";
import { assertSameOrigin } from "../../http/same-origin.ts";
import type { Log } from "../../log.ts";
import type { Cookies } from "./cookies.ts";
import { renderError } from "./errors.tsx";
import { type FormState, formState } from "./form-state.ts";
import { htmlAnswer, redirect } from "./html-answer.ts";
import { ownPath } from "./own-path.ts";
import { readForm, type SentForm } from "./sent-form.ts";
import { renderLink, renderNoAdmin, renderSignIn } from "./sign-in-pages.tsx";

export interface SignInDependencies {
  readonly access: AdminAccess;
  readonly cookies: Cookies;
  readonly publicUrl: string;
  readonly log: Log;
  readonly statusOfError: (error: unknown) => number;
  /** Of attempts, per address and per account that is tried: guessing shall be slow from anywhere. */
  readonly limits: { readonly address: RateLimit; readonly account: RateLimit };
}

export type SignIn = ReturnType<typeof createSignIn>;

const MAX_FORM_BYTES = 8 * 1024;

/** What those who are not signed in can do: sign in, follow a one-time link; and signing out. */
export function createSignIn({ access, cookies, publicUrl, log, statusOfError, limits }: SignInDependencies) {
  async function answer(request: Request, work: (session: string | undefined) => Promise<Response>): Promise<Response> {
    try {
      if (request.method === "POST") assertSameOrigin(request, publicUrl);
      return await work(cookies.read(request).session);
    } catch (error) {
      const status = statusOfError(error);
      if (status === 500) log.error("Signing in failed unexpectedly.", { error: messageOf(error) });
      return htmlAnswer(renderError(error, undefined), status);
    }
  }

  /** Into the site, with the new session alone: one that the browser had before ends. */
  async function enter(started: StartedSession, before: string | undefined, to: string): Promise<Response> {
    if (before !== undefined) await access.sessions.signOut(before);
    return redirect(to, [cookies.setSession(started.token, ABSOLUTE_MS)]);
  }

  /** Shows a form again with what is wrong; anything but a refusal is thrown on. */
  async function orAgain(
    form: SentForm,
    work: () => Promise<Response>,
    again: (state: FormState, problem: string) => Promise<string> | string,
  ): Promise<Response> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const codes: readonly string[] = ["invalid", "unauthorized", "rate_limited", "conflict", "unavailable"];
      if (!codes.includes(error.code)) throw error;
      const response = htmlAnswer(
        await again(formState({ action: "", form, error }), error.message),
        statusOfError(error),
      );
      if (error.retryAfterMs !== undefined)
        response.headers.set("retry-after", String(Math.ceil(error.retryAfterMs / 1000)));
      return response;
    }
  }

  return {
    page: (request: Request): Promise<Response> =>
      answer(request, async (session) => {
        const next = ownPath(new URL(request.url).searchParams.get("next"));
        if (session !== undefined && (await access.sessions.find(session))) return redirect(next);
        if (!(await access.admins.any())) return htmlAnswer(renderNoAdmin());
        return htmlAnswer(renderSignIn(next, formState(undefined)));
      }),

    signIn: (request: Request, browser: Browser): Promise<Response> =>
      answer(request, async (session) => {
        const form = await readForm(request, MAX_FORM_BYTES);
        const next = ownPath(form.text("next"));
        const email = form.text("email");
        return orAgain(
          form,
          async () => {
            limits.address.take(browser.address);
            limits.account.take(canonicalEmail(email));
            return enter(await access.sessions.signIn(email, form.raw("password"), browser), session, next);
          },
          (state, problem) => renderSignIn(next, state, problem),
        );
      }),

    signOut: (request: Request): Promise<Response> =>
      answer(request, async (session) => {
        if (session !== undefined) await access.sessions.signOut(session);
        return redirect("/admin/sign-in", [cookies.clearSession(), cookies.clearFlash()]);
      }),

    linkPage: (request: Request, token: string): Promise<Response> =>
      answer(request, async () => htmlAnswer(renderLink(await access.links.offer(token), token, formState(undefined)))),

    followLink: (request: Request, token: string, browser: Browser): Promise<Response> =>
      answer(request, async (session) => {
        const form = await readForm(request, MAX_FORM_BYTES);
        const given = { email: form.text("email"), password: form.raw("password") };
        return orAgain(
          form,
          async () => enter(await access.links.redeem(token, given, browser), session, "/admin"),
          async (state, problem) => renderLink(await access.links.offer(token), token, state, problem),
        );
      }),
  };
}
