/** @jsxImportSource preact */
import { createHash } from "node:crypto";
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { cssColour } from "../preview/colours.ts";
import { PREVIEW_CSS } from "../preview/preview-style.ts";
import css from "./landing.css" with { type: "text" };
import { pageColours, themeRule } from "./theme.ts";

/** A page with the policy that lets it show its own style and nothing else. */
export interface LandingHtml {
  readonly html: string;
  /** For `Content-Security-Policy`. */
  readonly policy: string;
}

export interface PageFrame {
  /** BCP 47. */
  readonly language: string;
  /** Also what histories and link previews keep, so nothing of the customer's stands in it. */
  readonly title: string;
  readonly colours?: ReturnType<typeof pageColours>;
  /** Rules of this page alone. */
  readonly rules?: string;
  /** Address of an icon for tabs and home screens. */
  readonly icon?: string | undefined;
  readonly head?: ComponentChildren;
  readonly children: ComponentChildren;
}

const SHARED_CSS = css + PREVIEW_CSS;

/**
 * A whole page in one answer: most people see it once, so that a stylesheet of its own would only be one more request.
 * Text is escaped by the renderer; there is no script, no form and nothing from elsewhere.
 */
export function renderFrame(frame: PageFrame): LandingHtml {
  const { language, title, colours = pageColours(), rules = "", icon, head, children } = frame;
  const own = themeRule(colours) + rules;
  const html = renderToString(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>{title}</title>
        <meta name="robots" content="noindex" />
        <meta name="referrer" content="no-referrer" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" media="(prefers-color-scheme: light)" content={cssColour(colours.light.stage)} />
        <meta name="theme-color" media="(prefers-color-scheme: dark)" content={cssColour(colours.dark.stage)} />
        {head}
        {icon && <link rel="icon" type="image/png" href={icon} />}
        {icon && <link rel="apple-touch-icon" href={icon} />}
        <style dangerouslySetInnerHTML={{ __html: SHARED_CSS }} />
        <style dangerouslySetInnerHTML={{ __html: own }} />
      </head>
      <body>{children}</body>
    </html>,
  );
  return { html: `<!doctype html>${html}`, policy: policyFor([SHARED_CSS, own]) };
}

/** The colours of a page are its own, so its policy names each style by its hash: no other can come in. */
function policyFor(styles: readonly string[]): string {
  const hashes = styles.map((style) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`);
  return `default-src 'none'; style-src ${hashes.join(" ")}; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
