/** @jsxImportSource preact */
import { type LandingHtml, renderFrame } from "./page-frame.tsx";
import type { LandingTexts, NoticeName } from "./texts/landing-texts.ts";

/** For people whose link leads to no pass, or not now. */
export function renderNoticePage(name: NoticeName, texts: LandingTexts): LandingHtml {
  const { title, text } = texts.notices[name];
  return renderFrame({
    language: texts.language,
    title,
    children: (
      <main class="notice-page">
        <svg class="notice-sign" viewBox="0 0 64 48" aria-hidden="true">
          <rect x="10" y="2" width="44" height="32" rx="5" fill="none" stroke="currentColor" stroke-width="2" />
          <rect x="6" y="8" width="52" height="32" rx="5" class="notice-card" stroke="currentColor" stroke-width="2" />
          <path d="M14 18h18M14 25h10" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        </svg>
        <h1>{title}</h1>
        <p class="lead">{text}</p>
      </main>
    ),
  });
}
