/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { type AssetName, assetUrl } from "../assets.ts";

export interface AdminDocument {
  readonly title: string;
  /** A module; the page must work without it. */
  readonly script?: AssetName;
  /** Rules of this page alone. They stand in it, so that its policy must name their hash. */
  readonly ownStyle?: string | undefined;
  /** Class of the body: which layout. */
  readonly layout?: string;
  readonly children: ComponentChildren;
}

/** A whole document. Text is escaped by the renderer; scripts and styles are files of ours. */
export function renderDocument({ title, script, ownStyle, layout, children }: AdminDocument): string {
  const html = renderToString(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href={assetUrl("icon.svg")} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl("admin.css")} />
        {ownStyle && <style dangerouslySetInnerHTML={{ __html: ownStyle }} />}
        {script && <script type="module" src={assetUrl(script)} />}
      </head>
      <body class={layout}>{children}</body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
