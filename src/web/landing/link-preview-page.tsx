/** @jsxImportSource preact */
import { type LandingHtml, renderFrame } from "./page-frame.tsx";
import type { LandingTexts } from "./texts/landing-texts.ts";

export interface LinkPreviewPage {
  readonly texts: LandingTexts;
  readonly organization: string;
  /** Absolute address of the brand's icon. */
  readonly image: string | undefined;
}

/** What a program learns that shows or examines links: whose pass it is, and nothing of the customer. */
export function renderLinkPreviewPage({ texts, organization, image }: LinkPreviewPage): LandingHtml {
  const title = texts.linkPreview.title(organization);
  const { text } = texts.linkPreview;
  return renderFrame({
    language: texts.language,
    title,
    head: (
      <>
        <meta name="description" content={text} />
        <meta property="og:type" content="website" />
        <meta property="og:site_name" content={organization} />
        <meta property="og:title" content={title} />
        <meta property="og:description" content={text} />
        {image && <meta property="og:image" content={image} />}
        <meta name="twitter:card" content="summary" />
      </>
    ),
    children: (
      <main class="notice-page">
        <h1>{title}</h1>
        <p class="lead">{text}</p>
      </main>
    ),
  });
}
