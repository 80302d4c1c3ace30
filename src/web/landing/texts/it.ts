import type { LandingTexts } from "./landing-texts.ts";

export const italian: LandingTexts = {
  language: "it",
  preview: { voided: "Non valido", expired: "Scaduto", barcode: "Codice a barre" },
  heading: {
    boardingPass: "Il tuo biglietto",
    coupon: "Il tuo coupon",
    eventTicket: "Il tuo biglietto",
    generic: "La tua carta",
    storeCard: "La tua carta",
    posterGeneric: "La tua carta",
  },
  lead: "In Apple Wallet è sempre a portata di mano e si aggiorna da sé.",
  addToAppleWallet: "Aggiungi ad Apple Wallet",
  scan: {
    title: "Sul tuo iPhone",
    text: "Inquadra questo codice con la fotocamera: si apre sul telefono.",
    codeLabel: "Codice QR che porta a questa pagina",
  },
  android: {
    lead: "Mostra questa pagina sul telefono quando ti viene richiesto.",
    enlarge: "Ingrandisci il codice",
    close: "Chiudi",
    keep: "Per ritrovarla subito, aggiungi questa pagina alla schermata Home. Uno screenshot funziona anche senza connessione.",
  },
  inApp: {
    title: "Apri questa pagina in Safari",
    reason: (app) => `${app} non può aggiungere nulla ad Apple Wallet. Safari sì:`,
    reasonOfUnknown: "Questa app forse non può aggiungere nulla ad Apple Wallet. Se non succede niente, usa Safari:",
    openMenu: "Tocca il menu o il pulsante di condivisione, al bordo dello schermo.",
    chooseBrowser: "Scegli «Apri in Safari» o «Apri nel browser».",
    addThere: "Safari mostra la carta. Tocca «Aggiungi».",
    address: "Oppure copia questo indirizzo in Safari:",
  },
  details: "Dettagli",
  ended: {
    voided: {
      title: "Non è più valido",
      text: "È stato utilizzato o ritirato. Se non te lo aspettavi, chiedi a chi te lo ha dato.",
    },
    expired: { title: "È scaduto", text: "La data indicata è passata e non si può più utilizzare." },
  },
  development:
    "Demo: firmato con un certificato di sviluppo. Un iPhone non lo accetta finché non viene importato un certificato di Apple.",
  notices: {
    notFound: {
      title: "Non trovato",
      text: "Il link potrebbe essere incompleto. Aprilo di nuovo dal messaggio in cui è arrivato.",
    },
    deleted: {
      title: "Non più disponibile",
      text: "Questa carta non è più offerta. Puoi rimuoverla da Wallet.",
    },
    bundleNotFound: {
      title: "Non trovato",
      text: "Il link potrebbe essere incompleto. Aprilo di nuovo da dove lo hai trovato.",
    },
    bundleOver: {
      title: "Questo link non è più valido",
      text: "Per la tua sicurezza funziona solo per poco tempo. Richiedine uno nuovo dove lo hai trovato.",
    },
    busy: {
      title: "Un momento",
      text: "Dalla tua rete sono arrivate troppe richieste. Riprova tra un minuto.",
    },
    unavailable: {
      title: "Torniamo subito",
      text: "La tua carta è al sicuro, ma ora non può essere mostrata. Riprova tra qualche minuto.",
    },
    failed: {
      title: "Qualcosa è andato storto",
      text: "L’errore è nostro ed è stato annotato. Riprova tra qualche minuto.",
    },
  },
  linkPreview: {
    title: (organization) => `${organization}: per il tuo Wallet`,
    text: "Apri questo link sul tuo iPhone per aggiungerlo ad Apple Wallet.",
  },
};
