/** @jsxImportSource preact */
import { renderSVG } from "uqr";
import { renderPage } from "./page.tsx";

export interface LandingPage {
  readonly organization: string;
  readonly name: string;
  /** Address of this page: what its code leads a phone to. */
  readonly url: string;
  readonly packageUrl: string;
  /** Signed by a certificate that no iPhone accepts. */
  readonly development: boolean;
}

/** What a browser shows that cannot keep passes itself: the way to the phone that can. */
export function renderLandingPage({ organization, name, url, packageUrl, development }: LandingPage): string {
  const code = renderSVG(url, { border: 0 });
  return renderPage(
    `${name} · ${organization}`,
    <>
      <p class="organization">{organization}</p>
      <h1>{name}</h1>
      <a class="button" href={packageUrl}>
        Add to Apple Wallet
      </a>
      <div
        class="code"
        role="img"
        aria-label="QR code of this page"
        // An SVG that is drawn here from our own address.
        dangerouslySetInnerHTML={{ __html: code }}
      />
      <p class="small">Scan this code with your iPhone to add the pass there.</p>
      {development && (
        <p class="notice">
          Demo: this pass is signed with a development certificate. An iPhone does not accept it until a certificate
          from Apple is imported.
        </p>
      )}
    </>,
  );
}

/** For people whose link leads nowhere. */
export function renderGonePage(title: string, text: string): string {
  return renderPage(
    title,
    <>
      <h1>{title}</h1>
      <p>{text}</p>
    </>,
  );
}
