import { createHash } from "node:crypto";
import type { ComponentChildren } from "preact";
import type { Role } from "../../admins/role.ts";
import type { StartedSession } from "../../admins/sessions.ts";
import type { Section } from "./sections.ts";
import type { SentForm } from "./sent-form.ts";
import type { Visit } from "./visit.ts";

/** A page of the admin site. It is served at `/admin/<account><path>`. */
export interface PageDefinition<Loaded> {
  /** Below the account: `/keys`, `/passes/:serial`; empty for the account's first page. */
  readonly path: string;
  /** Which entry of the navigation is lit. */
  readonly section: Section;
  /** The least role that may look. */
  readonly role: Role;
  /** Everything that is shown. What it throws becomes an error page. */
  load(visit: Visit): Promise<Loaded>;
  title(loaded: Loaded): string;
  render(loaded: Loaded, visit: Visit): ComponentChildren;
  /**
   * What of it may change while somebody looks, for a page with a part that follows (`Live`). It is asked once a second,
   * without the query of the address, so `load` must be light then.
   */
  live?(loaded: Loaded): unknown;
  /** CSS of this page alone, for what no stylesheet can know, such as the colours of a pass. Made here, of numbers only. */
  style?(loaded: Loaded): string | undefined;
  /** What its forms do, by the last part of their address: `revoke` is `POST <path>/revoke`. */
  readonly actions?: Readonly<Record<string, Action>>;
  /** Files that it offers, by the last part of their address: `results` is `GET <path>/results`. */
  readonly downloads?: Readonly<Record<string, Download>>;
}

/** A file that a browser saves. */
export interface Download {
  readonly role: Role;
  /** What it throws becomes an error page. */
  load(visit: Visit): Promise<SavedFile>;
}

export interface SavedFile {
  readonly name: string;
  readonly type: string;
  /** A long one is made while it is sent. */
  readonly content: string | AsyncGenerator<string>;
}

export interface Action {
  readonly role: Role;
  /** Of the form; 64 KB unless it takes files. */
  readonly maxBytes?: number;
  /**
   * Does it, and says where the browser goes then. For an `AppError` that it throws the page is shown again, with what was
   * typed, the error's text on top, and each problem at the field of its path.
   */
  perform(visit: Visit, form: SentForm): Promise<Done>;
}

/** What follows an action: always a redirect, so that loading the page again does nothing twice. */
export interface Done {
  /** A page of the account, such as `/passes`; the form's own page where it is left out. */
  readonly to?: string;
  /** Said on the next page, once. */
  readonly notice?: string;
  /** What the next page shows and nobody can see again, such as a new key. It is kept in an encrypted cookie only. */
  readonly once?: Readonly<Record<string, string>>;
  /** Replaces the visitor's session. */
  readonly session?: StartedSession;
}

/** The last part of the address at which a page is followed. */
export const LIVE = "live";

interface ShownPage {
  readonly title: string;
  readonly body: ComponentChildren;
  readonly style: string | undefined;
}

/** A page with what it loads closed in, so that pages of all kinds stand in one list. */
export interface AdminPage extends Pick<PageDefinition<unknown>, "path" | "section" | "role"> {
  readonly actions: Readonly<Record<string, Action>>;
  readonly downloads: Readonly<Record<string, Download>>;
  show(visit: Visit): Promise<ShownPage>;
  /** Differs as soon as the page would look otherwise; only of pages that are followed. */
  readonly state: ((visit: Visit) => Promise<string>) | undefined;
}

export function definePage<Loaded>(definition: PageDefinition<Loaded>): AdminPage {
  const { path, section, role, actions = {}, downloads = {}, load, title, render, style, live } = definition;
  const stateOf = (loaded: Loaded) =>
    createHash("sha256")
      .update(JSON.stringify(live?.(loaded)))
      .digest("hex");
  return {
    path,
    section,
    role,
    actions,
    downloads,
    async show(visit) {
      const loaded = await load(visit);
      const followed = live ? { ...visit, liveUrl: `${visit.action(LIVE)}?seen=${stateOf(loaded)}` } : visit;
      return { title: title(loaded), body: render(loaded, followed), style: style?.(loaded) };
    },
    state: live && (async (visit) => stateOf(await load(visit))),
  };
}
