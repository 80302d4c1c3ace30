/** Who follows a link to a pass, as far as the request says. */
export type Visitor =
  /** An iPhone, iPad or Watch, or a program that asks for no page: takes the package. */
  | { readonly kind: "taker" }
  /** An iPhone in the browser of an app that cannot add passes; `app` where it says which. */
  | { readonly kind: "inApp"; readonly app: string | undefined }
  | { readonly kind: "android" }
  | { readonly kind: "computer" }
  /** A program that shows or examines links: mail and chat programs, search engines, scanners. */
  | { readonly kind: "robot" };

const APPLE_DEVICE = /\b(iPhone|iPad|iPod|Apple ?Watch|watchOS)\b/;

/**
 * Apps whose own browsers do not hand passes to Wallet, by what they put into the user agent
 * (github.com/matomo-org/device-detector has real ones).
 */
const APPS: readonly (readonly [RegExp, string])[] = [
  [/\bInstagram\b/, "Instagram"],
  [/\bBarcelona\b/, "Threads"],
  [/\bFBAN\/Messenger|\bMessengerLiteForiOS\b/, "Messenger"],
  [/\bFBA[NV]\//, "Facebook"],
  [/\b(?:musical_ly|trill|aweme|BytedanceWebview)/, "TikTok"],
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\bSnapchat\b/, "Snapchat"],
  [/\bTwitter\b/, "X"],
  [/\bPinterest\b/, "Pinterest"],
  [/\bGSA\//, "Google"],
  [/\bLine\//, "LINE"],
  [/\bMicroMessenger\b/, "WeChat"],
  [/\bKAKAOTALK\b/, "KakaoTalk"],
  [/\bNAVER\b/, "NAVER"],
];

/** What is not a person although it may call itself a browser. A Cubot is a phone. */
const ROBOT =
  /(?<!cu)bot\b|crawl|spider|slurp|preview|externalhit|whatsapp\/|imageproxy|mailproxy|google-(?:safety|read-aloud|inspection)|barracuda|proofpoint|mimecast|iframely|embedly|scanner|ms-office|msoffice|microsoft office/i;

/** A request with one of these shows a page to nobody, or not yet. */
const AHEAD_OF_TIME = /prefetch|prerender|preview/i;

export function visitorOf(headers: Headers): Visitor {
  const agent = headers.get("user-agent") ?? "";
  if (ROBOT.test(agent)) return { kind: "robot" };
  if (!asksForPage(headers)) return { kind: "taker" };
  if (APPLE_DEVICE.test(agent)) return inAppBrowser(agent) ?? { kind: "taker" };
  return { kind: /\bAndroid\b/.test(agent) ? "android" : "computer" };
}

/** Safari and the browsers in its place name Safari; the bare view that apps show web pages in does not. */
function inAppBrowser(agent: string): Visitor | undefined {
  if (!agent.includes("AppleWebKit/")) return undefined;
  const app = APPS.find(([mark]) => mark.test(agent))?.[1];
  return app !== undefined || !/ Safari\//.test(agent) ? { kind: "inApp", app } : undefined;
}

export const asksForPage = (headers: Headers): boolean => headers.get("accept")?.includes("text/html") === true;

/**
 * Whether a package that is sent now comes to a person: one who uses a browser, or an app of the kind that adds passes
 * itself. Not a `HEAD`, a robot, a page that is loaded ahead of time, or a program.
 */
export function isPerson({ method, headers }: Request): boolean {
  const agent = headers.get("user-agent") ?? "";
  const purposes = ["sec-purpose", "purpose", "x-purpose", "x-moz"].map((name) => headers.get(name) ?? "");
  return (
    method === "GET" &&
    /^Mozilla\/|\bCFNetwork\//.test(agent) &&
    !ROBOT.test(agent) &&
    !/headless/i.test(agent) &&
    !purposes.some((purpose) => AHEAD_OF_TIME.test(purpose))
  );
}
