import type { LandingTexts } from "./landing-texts.ts";

export const spanish: LandingTexts = {
  language: "es",
  preview: { voided: "No válido", expired: "Caducado", barcode: "Código de barras" },
  heading: {
    boardingPass: "Tu billete",
    coupon: "Tu cupón",
    eventTicket: "Tu entrada",
    generic: "Tu tarjeta",
    storeCard: "Tu tarjeta",
    posterGeneric: "Tu tarjeta",
  },
  lead: "En Apple Wallet lo tendrás siempre a mano y se actualizará sin que hagas nada.",
  addToAppleWallet: "Añadir a Apple Wallet",
  scan: {
    title: "En tu iPhone",
    text: "Apunta con la cámara a este código y se abrirá en el teléfono.",
    codeLabel: "Código QR que lleva a esta página",
  },
  android: {
    lead: "Muestra esta página en el teléfono cuando te lo pidan.",
    enlarge: "Ampliar el código",
    close: "Cerrar",
    keep: "Para encontrarla enseguida, añade esta página a la pantalla de inicio. Una captura de pantalla sirve también sin conexión.",
  },
  inApp: {
    title: "Abre esta página en Safari",
    reason: (app) => `${app} no puede añadir nada a Apple Wallet. Safari sí:`,
    reasonOfUnknown: "Puede que esta app no pueda añadir nada a Apple Wallet. Si no ocurre nada, usa Safari:",
    openMenu: "Toca el menú o el botón de compartir, en el borde de la pantalla.",
    chooseBrowser: "Elige «Abrir en Safari» o «Abrir en el navegador».",
    addThere: "Safari mostrará la tarjeta. Toca «Añadir».",
    address: "O copia esta dirección en Safari:",
  },
  details: "Detalles",
  ended: {
    voided: {
      title: "Ya no es válido",
      text: "Se ha utilizado o se ha retirado. Si no lo esperabas, pregunta a quien te lo dio.",
    },
    expired: { title: "Ha caducado", text: "La fecha que indica ya ha pasado y no se puede utilizar." },
  },
  development:
    "Demostración: firmado con un certificado de desarrollo. Un iPhone no lo acepta hasta que se importe un certificado de Apple.",
  notices: {
    notFound: {
      title: "No se ha encontrado",
      text: "Puede que el enlace esté incompleto. Ábrelo de nuevo desde el mensaje en el que llegó.",
    },
    deleted: {
      title: "Ya no está disponible",
      text: "Esta tarjeta ya no se ofrece. Puedes eliminarla de Wallet.",
    },
    bundleNotFound: {
      title: "No se ha encontrado",
      text: "Puede que el enlace esté incompleto. Ábrelo de nuevo donde lo encontraste.",
    },
    bundleOver: {
      title: "Este enlace ya no es válido",
      text: "Por tu seguridad, solo funciona durante poco tiempo. Pide uno nuevo donde lo encontraste.",
    },
    busy: {
      title: "Un momento",
      text: "Han llegado demasiadas solicitudes desde tu red. Inténtalo de nuevo en un minuto.",
    },
    unavailable: {
      title: "Volvemos enseguida",
      text: "Tu tarjeta está a salvo, pero ahora no se puede mostrar. Inténtalo de nuevo en unos minutos.",
    },
    failed: {
      title: "Algo ha fallado",
      text: "El error es nuestro y ha quedado anotado. Inténtalo de nuevo en unos minutos.",
    },
  },
  linkPreview: {
    title: (organization) => `${organization}: para tu Wallet`,
    text: "Abre este enlace en tu iPhone para añadirlo a Apple Wallet.",
  },
};
