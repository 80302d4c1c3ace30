import type { LandingTexts } from "./landing-texts.ts";

export const german: LandingTexts = {
  language: "de",
  preview: { voided: "Ungültig", expired: "Abgelaufen", barcode: "Strichcode" },
  heading: {
    boardingPass: "Ihr Ticket",
    coupon: "Ihr Gutschein",
    eventTicket: "Ihr Ticket",
    generic: "Ihre Karte",
    storeCard: "Ihre Karte",
    posterGeneric: "Ihre Karte",
  },
  lead: "In Apple Wallet ist alles griffbereit, wenn Sie es brauchen, und bleibt von selbst auf dem neuesten Stand.",
  addToAppleWallet: "Zu Apple Wallet hinzufügen",
  scan: {
    title: "Auf dem iPhone",
    text: "Richten Sie die Kamera auf diesen Code, dann öffnet sich die Karte dort.",
    codeLabel: "QR-Code, der zu dieser Seite führt",
  },
  android: {
    lead: "Zeigen Sie diese Seite einfach auf dem Telefon vor.",
    enlarge: "Code groß anzeigen",
    close: "Schließen",
    keep: "Damit Sie sie schnell wiederfinden: Legen Sie die Seite auf den Startbildschirm. Ein Bildschirmfoto hilft auch ohne Verbindung.",
  },
  inApp: {
    title: "Öffnen Sie diese Seite in Safari",
    reason: (app) => `${app} kann nichts zu Apple Wallet hinzufügen. Safari kann es:`,
    reasonOfUnknown: "Diese App kann vielleicht nichts zu Apple Wallet hinzufügen. Tut sich nichts, hilft Safari:",
    openMenu: "Tippen Sie am Bildschirmrand auf das Menü oder auf „Teilen“.",
    chooseBrowser: "Wählen Sie „In Safari öffnen“ oder „Im Browser öffnen“.",
    addThere: "Safari zeigt die Karte. Tippen Sie auf „Hinzufügen“.",
    address: "Oder kopieren Sie diese Adresse in Safari:",
  },
  details: "Einzelheiten",
  ended: {
    voided: {
      title: "Nicht mehr gültig",
      text: "Diese Karte wurde eingelöst oder zurückgezogen. Wenn Sie das nicht erwartet haben, fragen Sie bitte dort nach, wo Sie sie bekommen haben.",
    },
    expired: {
      title: "Abgelaufen",
      text: "Das Datum auf der Karte ist vorbei. Sie kann nicht mehr verwendet werden.",
    },
  },
  development:
    "Demo: signiert mit einem Entwicklungszertifikat. Ein iPhone nimmt die Karte erst an, wenn ein Zertifikat von Apple importiert ist.",
  notices: {
    notFound: {
      title: "Hier wurde nichts gefunden",
      text: "Vielleicht ist der Link unvollständig. Öffnen Sie ihn noch einmal aus der Nachricht, mit der er kam.",
    },
    deleted: {
      title: "Nicht mehr verfügbar",
      text: "Diese Karte gibt es nicht mehr. Sie kann aus der Wallet entfernt werden.",
    },
    bundleNotFound: {
      title: "Hier wurde nichts gefunden",
      text: "Vielleicht ist der Link unvollständig. Öffnen Sie ihn noch einmal dort, wo Sie ihn gefunden haben.",
    },
    bundleOver: {
      title: "Dieser Link gilt nicht mehr",
      text: "Zu Ihrer Sicherheit gilt er nur kurz. Fordern Sie dort, wo Sie ihn gefunden haben, einen neuen an.",
    },
    busy: {
      title: "Einen Moment bitte",
      text: "Aus Ihrem Netz kamen zu viele Anfragen. Versuchen Sie es in einer Minute noch einmal.",
    },
    unavailable: {
      title: "Gleich wieder da",
      text: "Ihre Karte ist sicher, kann aber gerade nicht gezeigt werden. Versuchen Sie es in ein paar Minuten noch einmal.",
    },
    failed: {
      title: "Da ist etwas schiefgegangen",
      text: "Der Fehler liegt bei uns und ist notiert. Versuchen Sie es in ein paar Minuten noch einmal.",
    },
  },
  linkPreview: {
    title: (organization) => `Für Ihre Wallet: ${organization}`,
    text: "Öffnen Sie diesen Link auf dem iPhone, um die Karte zu Apple Wallet hinzuzufügen.",
  },
};
