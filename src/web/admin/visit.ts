import type { Account } from "../../accounts/account-store.ts";
import type { Admin } from "../../admins/admin-store.ts";
import { type Role, roleAllows } from "../../admins/role.ts";
import type { Browser } from "../../admins/sessions.ts";
import type { Flash } from "./flash.ts";
import { type FormState, formState, type RefusedAction } from "./form-state.ts";

/** Somebody who is signed in and looks at a page of an account. */
export interface Visit {
  readonly admin: Admin;
  readonly sessionId: string;
  readonly browser: Browser;
  readonly account: Account;
  /** All there are, for the switcher. */
  readonly accounts: readonly Account[];
  /** What the path of the page names: `serial` of `/passes/:serial`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly now: number;
  readonly flash: Flash | undefined;
  /** The address of a page of this account. */
  to(path: string, query?: Readonly<Record<string, string | null | undefined>>): string;
  /** The address of this page itself. */
  readonly here: string;
  /** The address that a form of this page posts to. */
  action(name: string): string;
  /** Where a script hears that this page would look otherwise now, of pages that are followed. */
  readonly liveUrl?: string;
  /** A form of this page as it is to be shown. */
  form(action: string): FormState;
  /** Whether the visitor's role is enough. */
  may(role: Role): boolean;
}

export type VisitFacts = Pick<
  Visit,
  "admin" | "sessionId" | "browser" | "account" | "accounts" | "params" | "query" | "now" | "flash"
> & {
  /** Of the page, with `:names`. */
  readonly path: string;
};

/** `refused` is what one of the page's forms was just refused for. */
export function createVisit({ path, ...facts }: VisitFacts, refused?: RefusedAction): Visit {
  const to: Visit["to"] = (below, query = {}) => {
    const given = Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : []));
    const search = new URLSearchParams(given).toString();
    return `/admin/${facts.account.id}${below}${search ? `?${search}` : ""}`;
  };
  const page = to(fillPath(path, facts.params));
  return {
    ...facts,
    to,
    here: facts.query.size === 0 ? page : `${page}?${facts.query}`,
    action: (name) => `${page}/${name}`,
    form: (action) => formState(refused?.action === action ? refused : undefined),
    may: (role) => roleAllows(facts.admin.role, role),
  };
}

/** `/passes/:serial` with what its names stand for. */
export const fillPath = (path: string, params: Readonly<Record<string, string>>): string =>
  path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
