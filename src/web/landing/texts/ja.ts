import type { LandingTexts } from "./landing-texts.ts";

export const japanese: LandingTexts = {
  language: "ja",
  preview: { voided: "無効", expired: "期限切れ", barcode: "バーコード" },
  heading: {
    boardingPass: "チケット",
    coupon: "クーポン",
    eventTicket: "チケット",
    generic: "パス",
    storeCard: "カード",
    posterGeneric: "パス",
  },
  lead: "Appleウォレットに追加すると、いつでもすぐに使え、内容も自動で更新されます。",
  addToAppleWallet: "Appleウォレットに追加",
  scan: {
    title: "iPhoneで開く",
    text: "カメラでこのコードを読み取ると、iPhoneで開きます。",
    codeLabel: "このページのQRコード",
  },
  android: {
    lead: "必要なときに、この画面をそのままご提示ください。",
    enlarge: "コードを大きく表示",
    close: "閉じる",
    keep: "ホーム画面に追加すると、すぐに開けます。スクリーンショットなら通信できない場所でも使えます。",
  },
  inApp: {
    title: "Safariで開いてください",
    reason: (app) => `${app}からはAppleウォレットに追加できません。Safariなら追加できます。`,
    reasonOfUnknown:
      "このアプリからは追加できないことがあります。ボタンを押しても変わらないときは、Safariをお使いください。",
    openMenu: "画面の端にあるメニューまたは共有ボタンをタップします。",
    chooseBrowser: "「Safariで開く」または「ブラウザで開く」を選びます。",
    addThere: "Safariに表示されたら「追加」をタップします。",
    address: "または、このアドレスをSafariにコピーしてください。",
  },
  details: "詳細",
  ended: {
    voided: {
      title: "このパスは無効です",
      text: "使用済みか、取り消されています。お心当たりがない場合は、発行元にお問い合わせください。",
    },
    expired: { title: "有効期限が切れています", text: "記載の期限を過ぎたため、ご利用いただけません。" },
  },
  development: "デモ：開発用の証明書で署名されています。Appleの証明書を読み込むまで、iPhoneには追加できません。",
  notices: {
    notFound: {
      title: "見つかりませんでした",
      text: "リンクが途中で切れている可能性があります。届いたメッセージからもう一度開いてください。",
    },
    deleted: {
      title: "提供を終了しました",
      text: "このパスはもうご利用いただけません。ウォレットから削除できます。",
    },
    bundleNotFound: {
      title: "見つかりませんでした",
      text: "リンクが途中で切れている可能性があります。元の場所からもう一度開いてください。",
    },
    bundleOver: {
      title: "リンクの有効期限が切れました",
      text: "安全のため、短い時間だけ有効です。元の場所で新しいリンクを取得してください。",
    },
    busy: {
      title: "少々お待ちください",
      text: "お使いのネットワークからのアクセスが集中しています。1分ほどしてからお試しください。",
    },
    unavailable: {
      title: "まもなく再開します",
      text: "パスは安全に保管されていますが、今は表示できません。数分後にもう一度お試しください。",
    },
    failed: {
      title: "問題が発生しました",
      text: "こちらの不具合で、記録済みです。数分後にもう一度お試しください。",
    },
  },
  linkPreview: {
    title: (organization) => `${organization}のパス`,
    text: "iPhoneでこのリンクを開くと、Appleウォレットに追加できます。",
  },
};
