import type { Static } from "@sinclair/typebox";
import { actions } from "./actions.ts";
import { barcodes, nfc } from "./barcodes.ts";
import { relevance } from "./relevance.ts";
import { dictionary, optional } from "./schema.ts";
import { SemanticTags } from "./semantics.ts";
import { styles } from "./styles.ts";
import { appearance, apps, identity, life, schemes, service } from "./top-level.ts";
import { upcoming } from "./upcoming.ts";
import { boardingUrls, eventUrls } from "./urls.ts";

/** What a template may say, and what the server fills in. */
export const passContent = {
  ...apps,
  ...life,
  ...schemes,
  ...styles,
  ...appearance,
  ...relevance,
  ...barcodes,
  ...nfc,
  ...eventUrls,
  ...boardingUrls,
  ...actions,
  ...upcoming,
  semantics: SemanticTags,
};

/** pass.json up to iOS 27 (Apple: "Pass"): one definition for types, checks and editors. */
export const PassJson = dictionary(
  { ...identity, ...optional({ ...service, ...passContent }) },
  "A pass of Apple Wallet.",
);
export type PassJson = Static<typeof PassJson>;
