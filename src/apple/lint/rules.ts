import type { Rule } from "./rule.ts";
import * as barcodes from "./rules/barcodes.ts";
import { dates } from "./rules/dates.ts";
import * as extras from "./rules/extras.ts";
import * as fields from "./rules/fields.ts";
import * as images from "./rules/images.ts";
import * as languages from "./rules/languages.ts";
import * as layout from "./rules/layout.ts";
import * as archive from "./rules/package.ts";
import * as personalization from "./rules/personalization.ts";
import { withoutEffect } from "./rules/placement.ts";
import * as relevance from "./rules/relevance.ts";
import * as semantics from "./rules/semantics.ts";
import * as service from "./rules/service.ts";
import * as signature from "./rules/signature.ts";
import * as styles from "./rules/styles.ts";
import * as topLevel from "./rules/top-level.ts";

/** Every rule, in the order of their identifiers. One that was released keeps its identifier, or it is never used again. */
export const RULES: readonly Rule[] = [
  archive.manifestComplete,
  archive.manifestHashes,
  signature.signaturePresent,
  signature.signatureVerifies,
  signature.signingTimePresent,
  signature.chainOfTrust,
  signature.certificateFits,
  signature.certificateDates,
  signature.nfcEntitlement,
  signature.certificateExpiresSoon,
  signature.rsaCertificate,
  archive.plainArchive,
  topLevel.malformedJson,
  topLevel.requiredKeys,
  topLevel.oneStyle,
  topLevel.wrongType,
  topLevel.unknownKey,
  withoutEffect,
  topLevel.colours,
  dates,
  service.serviceAndToken,
  service.serviceUrl,
  service.serialNumberTaken,
  service.constantIdentity,
  service.endedAtIssue,
  fields.transitType,
  fields.keyAndValue,
  fields.uniqueKeys,
  fields.changeMessages,
  fields.currencyAndNumber,
  fields.stylesFitValues,
  layout.surplusFields,
  fields.markup,
  barcodes.barcodeFormat,
  barcodes.barcodeContent,
  barcodes.classicBarcode,
  barcodes.barcodePayload,
  barcodes.nfcKey,
  barcodes.nfcMessage,
  relevance.places,
  relevance.maxDistance,
  relevance.spans,
  relevance.bothRelevantDates,
  images.iconPresent,
  images.iconDensities,
  images.decodableImages,
  images.imageSizes,
  images.hiddenImages,
  languages.equalLanguages,
  languages.languageFolders,
  semantics.semanticTypes,
  styles.schemeConditions,
  styles.classicFields,
  styles.posterBarcode,
  styles.posterGenericAlone,
  layout.posterGenericFields,
  extras.featuredActions,
  extras.upcomingEntries,
  extras.upcomingDetails,
  semantics.eventOrder,
  personalization.personalizationForm,
  personalization.personalizedPass,
];
