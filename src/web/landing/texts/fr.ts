import type { LandingTexts } from "./landing-texts.ts";

export const french: LandingTexts = {
  language: "fr",
  preview: { voided: "Non valable", expired: "Expiré", barcode: "Code-barres" },
  heading: {
    boardingPass: "Votre billet",
    coupon: "Votre coupon",
    eventTicket: "Votre billet",
    generic: "Votre carte",
    storeCard: "Votre carte",
    posterGeneric: "Votre carte",
  },
  lead: "Dans Apple Wallet, vous l’avez toujours sous la main, et les mises à jour se font toutes seules.",
  addToAppleWallet: "Ajouter à Apple Wallet",
  scan: {
    title: "Sur votre iPhone",
    text: "Visez ce code avec l’appareil photo : tout s’ouvre sur le téléphone.",
    codeLabel: "Code QR qui mène à cette page",
  },
  android: {
    lead: "Présentez cette page sur votre téléphone quand on vous le demande.",
    enlarge: "Afficher le code en grand",
    close: "Fermer",
    keep: "Pour la retrouver vite, ajoutez cette page à l’écran d’accueil. Une capture d’écran fonctionne même sans réseau.",
  },
  inApp: {
    title: "Ouvrez cette page dans Safari",
    reason: (app) => `${app} ne peut rien ajouter à Apple Wallet. Safari, si :`,
    reasonOfUnknown: "Cette app ne peut peut-être rien ajouter à Apple Wallet. Si rien ne se passe, utilisez Safari :",
    openMenu: "Touchez le menu ou le bouton de partage, au bord de l’écran.",
    chooseBrowser: "Choisissez « Ouvrir dans Safari » ou « Ouvrir dans le navigateur ».",
    addThere: "La carte s’affiche dans Safari. Touchez « Ajouter ».",
    address: "Ou copiez cette adresse dans Safari :",
  },
  details: "Détails",
  ended: {
    voided: {
      title: "Plus valable",
      text: "Cette carte a été utilisée ou retirée. Si cela vous surprend, adressez-vous à l’enseigne qui vous l’a remise.",
    },
    expired: {
      title: "Date dépassée",
      text: "La date de validité est passée. Cette carte ne peut plus être utilisée.",
    },
  },
  development:
    "Démo : signé avec un certificat de développement. Un iPhone ne l’acceptera qu’une fois un certificat d’Apple importé.",
  notices: {
    notFound: {
      title: "Introuvable",
      text: "Le lien est peut-être incomplet. Ouvrez-le de nouveau depuis le message reçu.",
    },
    deleted: {
      title: "Plus disponible",
      text: "Cette carte n’est plus proposée. Vous pouvez la supprimer de Wallet.",
    },
    bundleNotFound: {
      title: "Introuvable",
      text: "Le lien est peut-être incomplet. Ouvrez-le de nouveau là où vous l’avez trouvé.",
    },
    bundleOver: {
      title: "Ce lien n’est plus valable",
      text: "Pour votre sécurité, il ne fonctionne que peu de temps. Demandez-en un nouveau là où vous l’avez trouvé.",
    },
    busy: {
      title: "Un instant",
      text: "Trop de demandes sont venues de votre réseau. Réessayez dans une minute.",
    },
    unavailable: {
      title: "De retour dans un instant",
      text: "Votre carte est en sécurité, mais ne peut pas être affichée pour le moment. Réessayez dans quelques minutes.",
    },
    failed: {
      title: "Un problème est survenu",
      text: "L’erreur vient de nous et a été notée. Réessayez dans quelques minutes.",
    },
  },
  linkPreview: {
    title: (organization) => `${organization} : à ajouter à Wallet`,
    text: "Ouvrez ce lien sur votre iPhone pour l’ajouter à Apple Wallet.",
  },
};
