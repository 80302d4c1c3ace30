/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { Icon } from "./components/icon.tsx";
import { AccountSwitcher, Nav } from "./components/nav.tsx";
import { Notice } from "./components/notice.tsx";
import { renderDocument } from "./document.tsx";
import { SECTIONS, type Section } from "./sections.ts";
import type { Visit } from "./visit.ts";

export interface Framed {
  readonly visit: Visit;
  /** Nothing for an error, which belongs nowhere. */
  readonly section: Section | undefined;
  readonly title: string;
  /** CSS of this page alone. */
  readonly style?: string | undefined;
  /** Why an action was refused. */
  readonly problem?: string | undefined;
  readonly children: ComponentChildren;
}

/** A page for somebody who is signed in: navigation, what the last action had to say, and the page. */
export function renderFramed({ visit, section, title, style, problem, children }: Framed): string {
  const notice = visit.flash?.notice;
  return renderDocument({
    title: `${title} · ${visit.account.name} · Passhook`,
    script: "admin.js",
    ownStyle: style,
    layout: "framed",
    children: (
      <>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="bar">
          <Brand />
          <button type="button" class="button plain" popovertarget="menu" aria-label="Menu">
            <Icon name="menu" />
          </button>
        </header>
        <div class="side" id="side">
          <Brand />
          <Side visit={visit} section={section} />
        </div>
        <div class="menu" id="menu" popover="auto">
          <Side visit={visit} section={section} />
        </div>
        <main id="content" tabindex={-1}>
          {problem && <Notice tone="bad" title={problem} />}
          {notice && <Notice tone="good" title={notice} />}
          {children}
        </main>
        <Shortcuts search={visit.to("/passes")} />
      </>
    ),
  });
}

function Brand() {
  return (
    <a class="brand" href="/admin">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" class="brand-ground" />
        <path
          class="brand-pass"
          d="M8 9.5A2.5 2.5 0 0 1 10.5 7h3.6a2 2 0 0 0 3.8 0h3.6A2.5 2.5 0 0 1 24 9.5v13a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 8 22.5z"
        />
        <path class="brand-check" d="m12.5 17.5 2.5 2.5 4.5-5" />
      </svg>
      Passhook
    </a>
  );
}

function Side({ visit, section }: Pick<Framed, "visit" | "section">) {
  return (
    <>
      <AccountSwitcher visit={visit} section={section} />
      <Nav visit={visit} section={section} />
      <form class="visitor" method="post" action="/admin/sign-out">
        <a
          href={visit.to(SECTIONS.profile.path)}
          title={`${visit.admin.email}, ${visit.admin.role}`}
          aria-current={section === "profile" ? "page" : undefined}
        >
          <Icon name={SECTIONS.profile.icon} />
          <span>{visit.admin.email}</span>
        </a>
        <button type="submit" class="quiet" aria-label="Sign out" title="Sign out">
          <Icon name="out" />
        </button>
      </form>
    </>
  );
}

/** Opened by the script on `?`. */
function Shortcuts({ search }: { search: string }) {
  return (
    <div class="shortcuts" id="shortcuts" popover="auto" data-search={search}>
      <h2>Keys</h2>
      <dl>
        <dt>
          <kbd>/</kbd>
        </dt>
        <dd>Search passes</dd>
        <dt>
          <kbd>?</kbd>
        </dt>
        <dd>This help</dd>
        <dt>
          <kbd>Esc</kbd>
        </dt>
        <dd>Close</dd>
      </dl>
    </div>
  );
}

/** A page for somebody who is not signed in, or whom an error met outside: one card in the middle. */
export function renderPlain(title: string, children: ComponentChildren, problem?: string): string {
  return renderDocument({
    title: `${title} · Passhook`,
    script: "admin.js",
    layout: "plain-page",
    children: (
      <main>
        <Brand />
        <div class="card">
          {problem && <Notice tone="bad" title={problem} />}
          {children}
        </div>
      </main>
    ),
  });
}
