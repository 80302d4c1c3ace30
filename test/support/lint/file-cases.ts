import type { RuleCases } from "./cases.ts";
import { card, changed, flight, ICONS, poster, posterTicket, texts, ticket, withImages } from "./passes.ts";

const without = (name: string) => ({ images: new Map([...ICONS].filter(([file]) => file !== name)) });
const FORM = { description: "Join us", requiredPersonalizationFields: ["PKPassPersonalizationFieldName"] };

export const FILE_CASES: readonly RuleCases[] = [
  {
    id: "APL401",
    bad: [{ pass: card, context: { images: new Map() }, at: "icon@3x.png" }],
    good: [{ pass: card }, { pass: card, context: without("icon.png") }],
  },
  {
    id: "APL402",
    bad: [
      { pass: card, context: without("icon@2x.png"), at: "icon@2x.png" },
      { pass: card, context: without("icon@3x.png"), at: "icon@3x.png", says: "114 × 114" },
    ],
    good: [{ pass: card }, { pass: card, context: without("icon.png") }],
  },
  {
    id: "APL403",
    bad: [{ pass: card, context: withImages({ "logo.png": undefined }), at: "logo.png" }],
    good: [{ pass: card, context: withImages({ "logo.png": [160, 50] }) }],
  },
  {
    id: "APL404",
    bad: [
      { pass: card, context: withImages({ "logo.png": [400, 50] }), at: "logo.png", says: "400 × 50" },
      {
        pass: card,
        context: withImages({ "thumbnail.png": [90, 90] }),
        at: "thumbnail.png",
        says: "not shown by storeCard",
      },
      { pass: card, context: withImages({ "hero.png": [90, 90] }), at: "hero.png", says: "no image of a pass" },
      { pass: card, context: withImages({ "constructor.png": [90, 90] }), at: "constructor.png" },
      {
        pass: ticket,
        context: withImages({ "artwork.png": [358, 448] }),
        at: "artwork.png",
        says: "posterEventTicket",
      },
      {
        pass: ticket,
        context: withImages({ "strip.png": [375, 98], "thumbnail.png": [90, 90] }),
        at: "thumbnail.png",
        says: "strip",
      },
      { pass: card, context: withImages({ "personalizationLogo.png": [150, 40] }), at: "personalizationLogo.png" },
    ],
    good: [
      { pass: card, context: withImages({ "strip@3x.png": [1125, 432], "logo@2x.png": [120, 100] }) },
      { pass: ticket, context: withImages({ "background@2x.png": [686, 1006], "thumbnail.png": [60, 90] }) },
      { pass: posterTicket, context: withImages({ "artwork.png": [358, 448], "secondaryLogo.png": [100, 12] }) },
      {
        pass: poster,
        context: withImages({ "artwork.png": [358, 448], "primaryLogo.png": [100, 30], "background.png": [1, 1] }),
      },
      { pass: flight, context: withImages({ "primaryLogo.png": [100, 30], "footer.png": [268, 15] }) },
      { pass: card, context: { ...withImages({ "personalizationLogo.png": [150, 40] }), personalization: FORM } },
    ],
  },
  {
    id: "APL405",
    bad: [
      {
        pass: card,
        context: withImages({ "logo.png": [160, 50], "fr.lproj/logo@2x.png": [320, 100] }),
        at: "fr.lproj/logo@2x.png",
      },
    ],
    good: [{ pass: card, context: withImages({ "strip.png": [375, 144], "fr.lproj/logo.png": [160, 50] }) }],
  },
  {
    id: "APL406",
    bad: [
      {
        pass: card,
        context: texts({ en: { A: "a", B: "b" }, fr: { A: "a" } }),
        at: "fr.lproj/pass.strings",
        says: '"B"',
      },
      {
        pass: card,
        context: { ...texts({ en: { A: "a" } }), ...withImages({ "fr.lproj/logo.png": [160, 50] }) },
        at: "fr.lproj/pass.strings",
      },
      {
        pass: card,
        context: withImages({ "en.lproj/logo.png": [160, 50], "fr.lproj/logo@2x.png": [320, 100] }),
        at: "fr.lproj/logo.png",
      },
    ],
    good: [
      { pass: card, context: texts({ en: { A: "a" }, fr: { A: "b" } }) },
      { pass: card, context: withImages({ "en.lproj/logo.png": [160, 50], "fr.lproj/logo.png": [160, 50] }) },
      {
        pass: card,
        context: {
          locales: new Map([
            ["en", new Map([["A", "a"]])],
            ["fr", undefined],
          ]),
        },
      },
    ],
  },
  {
    id: "APL407",
    bad: [
      { pass: card, context: texts({ english: { A: "a" } }), at: "english.lproj" },
      { pass: card, context: withImages({ "fr_FR.lproj/logo.png": [160, 50] }), at: "fr_FR.lproj" },
      {
        pass: card,
        context: { brokenStrings: new Map([["fr", "cannot be read in line 3"]]) },
        at: "fr.lproj/pass.strings",
        says: "line 3",
      },
    ],
    good: [
      {
        pass: card,
        context: texts({ en: { A: "a" }, "pt-BR": { A: "a" }, "zh-Hans": { A: "a" }, "es-419": { A: "a" } }),
      },
    ],
  },
  {
    id: "APL601",
    bad: [
      { pass: card, context: { personalization: { ...FORM, description: "" } }, at: "personalization.description" },
      {
        pass: card,
        context: { personalization: { description: "x" } },
        at: "personalization.requiredPersonalizationFields",
        says: "missing",
      },
      {
        pass: card,
        context: { personalization: { ...FORM, requiredPersonalizationFields: [] } },
        at: "personalization.requiredPersonalizationFields",
        says: "empty",
      },
      {
        pass: card,
        context: { personalization: { ...FORM, requiredPersonalizationFields: ["Age"] } },
        at: "personalization.requiredPersonalizationFields.0",
      },
      { pass: card, context: { personalization: "form" }, at: "personalization" },
      {
        pass: changed(card, { webServiceURL: undefined }),
        context: { personalization: FORM },
        at: "pass.webServiceURL",
      },
    ],
    good: [{ pass: card, context: { personalization: FORM } }, { pass: card }],
  },
  {
    id: "APL602",
    bad: [{ pass: card, context: { personalization: FORM, personalized: true }, at: "personalization.json" }],
    good: [
      { pass: card, context: { personalized: true } },
      { pass: card, context: { personalization: FORM } },
    ],
  },
];
