import type { LandingTexts } from "./landing-texts.ts";

/** As in Brazil. */
export const portuguese: LandingTexts = {
  language: "pt",
  preview: { voided: "Sem validade", expired: "Expirado", barcode: "Código de barras" },
  heading: {
    boardingPass: "Seu bilhete",
    coupon: "Seu cupom",
    eventTicket: "Seu ingresso",
    generic: "Seu cartão",
    storeCard: "Seu cartão",
    posterGeneric: "Seu cartão",
  },
  lead: "Na Apple Wallet fica sempre à mão e se atualiza automaticamente.",
  addToAppleWallet: "Adicionar à Apple Wallet",
  scan: {
    title: "No seu iPhone",
    text: "Aponte a câmera para este código e tudo abre no telefone.",
    codeLabel: "Código QR que leva a esta página",
  },
  android: {
    lead: "Mostre esta página no telefone quando for preciso.",
    enlarge: "Ampliar o código",
    close: "Fechar",
    keep: "Para ter tudo à mão, adicione esta página à tela inicial. Uma captura de tela funciona também sem conexão.",
  },
  inApp: {
    title: "Abra esta página no Safari",
    reason: (app) => `${app} não consegue adicionar nada à Apple Wallet. O Safari consegue:`,
    reasonOfUnknown: "Esta app talvez não consiga adicionar nada à Apple Wallet. Se nada acontecer, use o Safari:",
    openMenu: "Toque no menu ou no botão de compartilhar, na borda da tela.",
    chooseBrowser: "Escolha “Abrir no Safari” ou “Abrir no navegador”.",
    addThere: "O Safari mostra o cartão. Toque em “Adicionar”.",
    address: "Ou copie este endereço para o Safari:",
  },
  details: "Detalhes",
  ended: {
    voided: {
      title: "Não é mais válido",
      text: "Foi utilizado ou retirado. Se você não esperava por isso, pergunte a quem o enviou.",
    },
    expired: { title: "Fora de validade", text: "A data indicada já passou e não pode mais ser utilizado." },
  },
  development:
    "Demonstração: assinado com um certificado de desenvolvimento. Um iPhone só o aceita depois de importado um certificado da Apple.",
  notices: {
    notFound: {
      title: "Não encontrado",
      text: "O link pode estar incompleto. Abra-o novamente pela mensagem em que chegou.",
    },
    deleted: {
      title: "Não está mais disponível",
      text: "Este cartão não é mais oferecido e pode ser removido da Wallet.",
    },
    bundleNotFound: {
      title: "Não encontrado",
      text: "O link pode estar incompleto. Abra-o novamente onde você o encontrou.",
    },
    bundleOver: {
      title: "Este link não é mais válido",
      text: "Para sua segurança, funciona por pouco tempo. Peça um novo onde você o encontrou.",
    },
    busy: {
      title: "Um momento",
      text: "Chegaram pedidos demais da sua rede. Tente novamente em um minuto.",
    },
    unavailable: {
      title: "Voltamos já",
      text: "Seu cartão está seguro, mas não pode ser mostrado agora. Tente novamente em alguns minutos.",
    },
    failed: {
      title: "Algo deu errado",
      text: "O erro é nosso e ficou anotado. Tente novamente em alguns minutos.",
    },
  },
  linkPreview: {
    title: (organization) => `${organization}: para a sua Wallet`,
    text: "Abra este link no seu iPhone para adicionar à Apple Wallet.",
  },
};
