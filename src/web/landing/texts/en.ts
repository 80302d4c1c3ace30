import type { LandingTexts } from "./landing-texts.ts";

export const english: LandingTexts = {
  language: "en",
  preview: { voided: "Void", expired: "Expired", barcode: "Barcode" },
  heading: {
    boardingPass: "Your ticket",
    coupon: "Your coupon",
    eventTicket: "Your ticket",
    generic: "Your pass",
    storeCard: "Your card",
    posterGeneric: "Your pass",
  },
  lead: "Add it to Apple Wallet. There it is at hand when you need it, and keeps itself up to date.",
  addToAppleWallet: "Add to Apple Wallet",
  scan: {
    title: "On your iPhone",
    text: "Point the camera at this code, and the pass opens there.",
    codeLabel: "QR code that leads to this page",
  },
  android: {
    lead: "Show it on this phone, wherever you are asked for it.",
    enlarge: "Show the code large",
    close: "Close",
    keep: "To have it at hand, add this page to your home screen. A screenshot works without a connection.",
  },
  inApp: {
    title: "Open this page in Safari",
    reason: (app) => `${app} cannot add passes to Apple Wallet. Safari can:`,
    reasonOfUnknown: "This app may not be able to add passes to Apple Wallet. If the button does nothing, Safari can:",
    openMenu: "Tap the menu or share button at the edge of the screen.",
    chooseBrowser: "Choose “Open in Safari” or “Open in browser”.",
    addThere: "Safari shows the pass. Tap “Add”.",
    address: "Or copy this address into Safari:",
  },
  details: "Details",
  ended: {
    voided: {
      title: "This pass is no longer valid",
      text: "It has been used or withdrawn. If you did not expect that, please ask whoever gave it to you.",
    },
    expired: {
      title: "This pass has expired",
      text: "It was valid until the date shown on it, and cannot be used now.",
    },
  },
  development:
    "Demo: this pass is signed with a development certificate. An iPhone does not accept it until a certificate from Apple is imported.",
  notices: {
    notFound: {
      title: "This pass was not found",
      text: "The link may be incomplete. Open it again from the message it came in.",
    },
    deleted: {
      title: "This pass has ended",
      text: "It is no longer offered and can be removed from your wallet.",
    },
    bundleNotFound: {
      title: "These passes were not found",
      text: "The link may be incomplete. Open it again from where you found it.",
    },
    bundleOver: {
      title: "This link is no longer valid",
      text: "For your safety it works for a short time only. Go back to where you found it and ask for a new one.",
    },
    busy: {
      title: "One moment, please",
      text: "Too many requests came from your network. Try again in a minute.",
    },
    unavailable: {
      title: "Back in a moment",
      text: "Your pass is safe, but cannot be shown right now. Try again in a few minutes.",
    },
    failed: {
      title: "Something went wrong",
      text: "The fault is ours, and it was noted. Try again in a few minutes.",
    },
  },
  linkPreview: {
    title: (organization) => `A pass from ${organization}`,
    text: "Open this link on your iPhone to add it to Apple Wallet.",
  },
};
