import { bestLanguage } from "../languages.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { italian } from "./it.ts";
import { japanese } from "./ja.ts";
import type { LandingTexts } from "./landing-texts.ts";
import { portuguese } from "./pt.ts";

/** The languages of the pages, English first: it is for everybody else. */
export const LANDING_TEXTS: readonly LandingTexts[] = [english, german, french, spanish, italian, portuguese, japanese];

/** The texts for somebody who wants these languages, the best first. */
export function textsFor(wanted: readonly string[]): LandingTexts {
  const language = bestLanguage(
    wanted,
    LANDING_TEXTS.map((texts) => texts.language),
  );
  return LANDING_TEXTS.find((texts) => texts.language === language) ?? english;
}
