/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { qrCode } from "../preview/barcode.ts";
import { PassBack } from "../preview/pass-back.tsx";
import { PassCode } from "../preview/pass-code.tsx";
import { PassFront } from "../preview/pass-front.tsx";
import type { PassView } from "../preview/pass-view.ts";
import { passColourRule } from "../preview/preview-style.ts";
import { type LandingHtml, renderFrame } from "./page-frame.tsx";
import type { LandingTexts, Notice } from "./texts/landing-texts.ts";
import { pageColours } from "./theme.ts";
import { AppleWalletButton } from "./wallet-button.tsx";

export interface PassPage {
  readonly view: PassView;
  readonly texts: LandingTexts;
  /** Of the brand, without anything of the customer's. */
  readonly organization: string;
  /** Address of the brand's icon. */
  readonly icon: string | undefined;
  /** Address of this page: what its code leads a phone to. */
  readonly url: string;
  readonly packageUrl: string;
  /** Signed by a certificate that no iPhone accepts. */
  readonly development: boolean;
  readonly visitor: PageVisitor;
}

/** Somebody who cannot be given the pass at once. An iPhone is one when its pass is of no more use. */
export type PageVisitor =
  | { readonly kind: "computer" | "android" | "iphone" }
  | { readonly kind: "inApp"; readonly app: string | undefined };

const PASS_ID = "pass";
const LARGE_CODE_ID = "code";

/** The pass, and the way to the phone that it is for. */
export function renderPassPage(page: PassPage): LandingHtml {
  const { view, texts, organization, icon, development, visitor } = page;
  const { title, text } = introduction(page);
  const hasLargeCode = visitor.kind === "android" && view.ended === undefined && view.barcode !== undefined;
  const stage = (
    <div class="stage">
      <PassFront view={view} texts={texts.preview} id={PASS_ID} />
    </div>
  );
  const actions = view.ended === undefined && (
    <section class="actions">
      <Actions page={page} />
      {development && <p class="demo">{texts.development}</p>}
    </section>
  );
  return renderFrame({
    language: texts.language,
    title: `${texts.heading[view.style]} · ${organization}`,
    colours: pageColours(view.colours),
    rules: passColourRule(PASS_ID, view),
    icon,
    children: (
      <>
        <main class="pass-page">
          <header class="intro">
            <p class="brand">
              {icon && <img class="brand-icon" src={icon} width="32" height="32" alt="" />}
              {organization}
            </p>
            <h1>{title}</h1>
            <p class="lead">{text}</p>
          </header>
          {/* Whoever must leave this browser first learns how. */}
          {visitor.kind === "inApp" ? [actions, stage] : [stage, actions]}
          {view.back.length > 0 && (
            <section class="details">
              <h2>{texts.details}</h2>
              <div class="card">
                <PassBack fields={view.back} language={view.language} />
              </div>
            </section>
          )}
        </main>
        {hasLargeCode && <LargeCode view={view} texts={texts} />}
      </>
    ),
  });
}

function introduction({ view, texts, visitor }: PassPage): Notice {
  if (view.ended) return texts.ended[view.ended];
  const title = texts.heading[view.style];
  switch (visitor.kind) {
    case "inApp":
      return {
        title: texts.inApp.title,
        text: visitor.app === undefined ? texts.inApp.reasonOfUnknown : texts.inApp.reason(visitor.app),
      };
    case "android":
      return { title, text: texts.android.lead };
    default:
      return { title, text: texts.lead };
  }
}

function Actions({ page }: { readonly page: PassPage }) {
  const { texts, packageUrl, url, view, visitor } = page;
  const addButton = <AppleWalletButton href={packageUrl} label={texts.addToAppleWallet} />;
  switch (visitor.kind) {
    case "inApp":
      return (
        <>
          {/* Where the app is not known, it may be one of those that can. */}
          {visitor.app === undefined && <Wallets>{addButton}</Wallets>}
          <ol class="card steps">
            <li>{texts.inApp.openMenu}</li>
            <li>{texts.inApp.chooseBrowser}</li>
            <li>{texts.inApp.addThere}</li>
          </ol>
          <p class="small">{texts.inApp.address}</p>
          <p class="address">{url}</p>
        </>
      );
    case "android":
      return (
        <>
          {view.barcode && (
            <Wallets>
              <a class="button" href={`#${LARGE_CODE_ID}`}>
                {texts.android.enlarge}
              </a>
            </Wallets>
          )}
          <p class="small">{texts.android.keep}</p>
        </>
      );
    default:
      return (
        <>
          <Wallets>{addButton}</Wallets>
          <div class="card scan">
            <div
              class="scan-code"
              role="img"
              aria-label={texts.scan.codeLabel}
              // Drawn here, from our own address.
              dangerouslySetInnerHTML={{ __html: qrCode(url) }}
            />
            <div>
              <h2>{texts.scan.title}</h2>
              <p class="small">{texts.scan.text}</p>
            </div>
          </div>
        </>
      );
  }
}

/** The buttons of wallets, one below the other. */
const Wallets = ({ children }: { readonly children: ComponentChildren }) => <div class="wallets">{children}</div>;

/** The barcode alone on white, as wide as the screen; shown while the address of the page names it. */
function LargeCode({ view: { barcode }, texts }: { readonly view: PassView; readonly texts: LandingTexts }) {
  if (!barcode) return null;
  return (
    <section class="large-code" id={LARGE_CODE_ID} aria-label={texts.preview.barcode}>
      <PassCode barcode={barcode} texts={texts.preview} />
      <a class="button" href={`#${PASS_ID}`}>
        {texts.android.close}
      </a>
    </section>
  );
}
